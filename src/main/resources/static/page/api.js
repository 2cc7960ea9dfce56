// Requests to the service: the key, errors, and a job's stream of events. URLs are relative, so that any prefix works.

const KEY = 'key';

/** Without a byte for so long, a stream is taken for broken; the service sends a comment every ten seconds. */
const SILENCE = 30_000;

/** How far the service's clock is ahead of this device's, in milliseconds. */
let ahead = 0;

let key = storage(() => sessionStorage)?.getItem(KEY) ?? storage(() => localStorage)?.getItem(KEY) ?? null;

/** A refusal. Its code is the service's, or `network` if there was no answer. */
export class ApiError extends Error {
	constructor(status, code, message, requestId, retryAt) {
		super(message);
		Object.assign(this, { status, code, requestId, retryAt });
	}
}

export function currentKey() {
	return key;
}

export function useKey(value, isRemembered) {
	forgetKey();
	key = value;
	storage(() => isRemembered ? localStorage : sessionStorage)?.setItem(KEY, value);
}

export function forgetKey() {
	key = null;
	storage(() => sessionStorage)?.removeItem(KEY);
	storage(() => localStorage)?.removeItem(KEY);
}

/** The time by the service's clock, in milliseconds since 1970. */
export function serviceTime() {
	return Date.now() + ahead;
}

/** A store of the browser, or null if the user has blocked it. */
export function storage(find) {
	try {
		return find();
	} catch {
		return null;
	}
}

/** Send a request, and return the answer's JSON and the request's id. */
export async function request(method, path, { body, headers = {}, withKey = key } = {}) {
	const response = await send(method, path, withKey, { headers, body: body && JSON.stringify(body) });
	return { json: await read(response.json()), requestId: response.headers.get('X-Request-Id') };
}

/** Read an image as a blob. */
export async function image(path) {
	return read((await send('GET', path, null, {})).blob());
}

/** Tell a job's states to the listener until it has ended, the signal aborts, or the connection is lost. */
export async function follow(id, listener, signal) {
	const abort = new AbortController();
	signal.addEventListener('abort', () => abort.abort(), { once: true });
	let silence = setTimeout(() => abort.abort(), SILENCE);
	try {
		const response = await send('GET', `v1/jobs/${id}/events`, key, { signal: abort.signal });
		const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
		let text = '';
		for (let chunk = await read(reader.read()); !chunk.done; chunk = await read(reader.read())) {
			clearTimeout(silence);
			silence = setTimeout(() => abort.abort(), SILENCE);
			const events = (text + chunk.value).split('\n\n');
			text = events.pop();
			events.filter((event) => /^event: status$/m.test(event))
				.forEach((event) => listener(JSON.parse(/^data: (.*)$/m.exec(event)[1])));
		}
	} finally {
		clearTimeout(silence);
		abort.abort();
	}
}

async function send(method, path, withKey, options) {
	const headers = { Accept: '*/*', ...options.headers };
	if (withKey) {
		headers.Authorization = `Bearer ${withKey}`;
	}
	if (options.body) {
		headers['Content-Type'] = 'application/json';
	}
	const response = await read(fetch(path, { ...options, method, headers }));
	const date = Date.parse(response.headers.get('Date'));
	if (date) {
		ahead = date - Date.now();
	}
	if (!response.ok) {
		throw await refusal(response);
	}
	return response;
}

async function refusal(response) {
	const { error = {} } = await response.json().catch(() => ({}));
	const wait = Number(response.headers.get('Retry-After'));
	return new ApiError(response.status, error.code ?? 'other', error.message ?? String(error),
		response.headers.get('X-Request-Id'), wait ? serviceTime() + wait * 1000 : null);
}

/** A promise of the browser's that fails if the connection does. */
async function read(promise) {
	try {
		return await promise;
	} catch (cause) {
		throw new ApiError(0, 'network', cause.message, null, null);
	}
}
