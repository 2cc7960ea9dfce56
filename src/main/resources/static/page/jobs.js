// The jobs of the key: started, followed to their end, and found again after a reload.

import { ApiError, follow, request, serviceTime, storage } from './api.js';

/** Browsers open six connections to a host, and other tabs need some of them. */
const STREAMS = 3;

const PAGE = 24;

const MAX_PAUSE = 15_000;

/** How often jobs without a stream are asked for. */
const LOOK_AFTER = 2_000;

/** The ids of the requests that started jobs, as the service does not repeat them. */
const REQUEST_IDS = 'requests';

/**
 * Emits `change` with the job as detail, `remove`, `page`, and `refused` if the service does not know the key.
 * A job is the service's, with these fields added: `key` (stays the same from the first moment on), `state` (its status,
 * or `sending`), `isCut` (whether the connection is lost), `requestId`, and of an error `retryAt`.
 */
export class Jobs extends EventTarget {

	#jobs = new Map();
	#byId = new Map();
	#streams = new Map();
	#requestIds = JSON.parse(storage(() => sessionStorage)?.getItem(REQUEST_IDS) ?? '{}');
	#after = null;
	#isComplete = false;
	#isLoading = false;
	#isRefused = false;
	#generation = 0;
	#timer = 0;

	constructor() {
		super();
		document.addEventListener('visibilitychange', () => {
			this.#followAll();
			if (!document.hidden && this.#after) {
				// Other clients with the key may have started jobs meanwhile.
				this.#list(null, () => {}).catch((error) => this.#told(error));
			}
		});
	}

	get all() {
		return [...this.#jobs.values()];
	}

	get isComplete() {
		return this.#isComplete;
	}

	/** Forget all jobs, as those of another key follow. */
	reset() {
		this.#generation++;
		this.#streams.forEach((stream) => stream.abort());
		this.#streams.clear();
		this.all.forEach((job) => this.#forget(job));
		this.#after = null;
		this.#isComplete = false;
		this.#isLoading = false;
		this.#isRefused = false;
	}

	/** Paint words, several times if the count says so. With a parent, the words change its image. */
	start(words, count, parent) {
		const batch = random();
		for (let i = 0; i < count; i++) {
			const key = random();
			this.#put({ key, batch, state: 'sending', prompt: words, parent, created_at: serviceTime() / 1000,
				metadata: parent ? { from: parent.id } : {} });
			this.#send(this.#jobs.get(key));
		}
	}

	/** Paint the words of a job once more. */
	async again(job) {
		this.start(job.prompt, 1, await this.#parentOf(job));
	}

	async delete(job) {
		if (job.id) {
			try {
				await request('DELETE', `v1/jobs/${job.id}`);
			} catch (error) {
				if (error.code !== 'job_not_found') {
					this.#told(error);
					throw error;
				}
			}
		}
		this.#forget(job);
	}

	/** Load the next page of older jobs. */
	async loadMore() {
		if (this.#isLoading || this.#isComplete || this.#isRefused) {
			return;
		}
		this.#isLoading = true;
		const generation = this.#generation;
		try {
			await this.#list(this.#after, (page) => {
				this.#after = page.last_id;
				this.#isComplete = !page.has_more;
			});
		} catch (error) {
			this.#told(error);
			// The last job of the page before may be deleted by now.
			this.#after = error.status === 400 ? null : this.#after;
			await pause(LOOK_AFTER);
		} finally {
			if (generation === this.#generation) {
				this.#isLoading = false;
				this.dispatchEvent(new Event('page'));
			}
		}
	}

	async #list(after, onPage) {
		const generation = this.#generation;
		const { json } = await request('GET', `v1/jobs?limit=${PAGE}${after ? `&after=${after}` : ''}`);
		if (generation === this.#generation) {
			onPage(json);
			json.data.forEach((job) => this.#merge(job));
			this.#followAll();
		}
	}

	async #send(job) {
		const generation = this.#generation;
		for (let failures = 0; ; failures++) {
			try {
				// With the key, a repeated request gets the job that the first one has started.
				const { json, requestId } = await request('POST', 'v1/jobs',
					{ body: this.#body(job), headers: { 'Idempotency-Key': job.key } });
				if (generation === this.#generation) {
					this.#remember(json.id, requestId);
					// A list may have told of the job before its start was answered.
					const twin = this.#byId.get(json.id);
					if (twin) {
						this.#forget(twin);
					}
					this.#merge(json, job);
					this.#followAll();
				}
				return;
			} catch (error) {
				if (generation !== this.#generation) {
					return;
				}
				if (error.code !== 'network' || failures === 4) {
					this.#told(error);
					this.#put({ ...job, state: 'failed', isCut: false, requestId: error.requestId,
						error: { code: error.code, message: error.message, retryAt: error.retryAt } });
					return;
				}
				this.#put({ ...job, isCut: true });
				await pause(pauseAfter(failures));
			}
		}
	}

	#body({ prompt, parent, metadata }) {
		return !parent ? { prompt, metadata } : {
			metadata,
			messages: [{ role: 'user', content: parent.prompt },
				{ role: 'assistant', content: parent.revised_prompt ?? parent.prompt }, { role: 'user', content: prompt }]
		};
	}

	async #parentOf(job) {
		const id = job.metadata?.from;
		if (!id || job.parent) {
			return job.parent ?? null;
		}
		return this.#byId.get(id) ?? (await request('GET', `v1/jobs/${id}`).catch(() => ({ json: null }))).json;
	}

	#merge(job, known = this.#byId.get(job.id)) {
		const until = job.error?.code === 'rate_limit_exceeded' && /until (\S+Z)/.exec(job.error.message)?.[1];
		this.#put({ ...known, ...job, key: known?.key ?? job.id, state: job.status, isCut: false,
			// The service keeps the first 1,000 characters.
			prompt: known?.prompt ?? job.prompt,
			requestId: this.#requestIds[job.id],
			error: job.error && { ...job.error, retryAt: until ? Date.parse(until) : null } });
	}

	#put(job) {
		this.#jobs.set(job.key, job);
		if (job.id) {
			this.#byId.set(job.id, job);
		}
		this.dispatchEvent(new CustomEvent('change', { detail: job }));
	}

	#forget(job) {
		this.#jobs.delete(job.key);
		this.#byId.delete(job.id);
		this.#streams.get(job.id)?.abort();
		this.dispatchEvent(new CustomEvent('remove', { detail: job }));
	}

	#remember(id, requestId) {
		this.#requestIds = Object.fromEntries([...Object.entries(this.#requestIds), [id, requestId]].slice(-100));
		storage(() => sessionStorage)?.setItem(REQUEST_IDS, JSON.stringify(this.#requestIds));
	}

	/** Follow the oldest open jobs by streams, and look at the others now and then. A hidden page needs neither. */
	#followAll() {
		const open = this.all.filter((job) => job.id && isOpen(job)).sort((a, b) => a.created_at - b.created_at);
		clearTimeout(this.#timer);
		if (document.hidden || this.#isRefused) {
			this.#streams.forEach((stream) => stream.abort());
			return;
		}
		open.filter((job) => !this.#streams.has(job.id)).slice(0, Math.max(0, STREAMS - this.#streams.size))
			.forEach((job) => this.#follow(job.id));
		if (open.length > this.#streams.size) {
			this.#timer = setTimeout(() => this.#look(), LOOK_AFTER);
		}
	}

	async #look() {
		const others = this.all.filter((job) => job.id && isOpen(job) && !this.#streams.has(job.id));
		const generation = this.#generation;
		await Promise.all(others.slice(0, 2).map(async ({ id }) => {
			try {
				const { json } = await request('GET', `v1/jobs/${id}`);
				if (generation === this.#generation && this.#byId.has(id)) {
					this.#merge(json);
				}
			} catch (error) {
				this.#lost(id, error);
			}
		}));
		if (generation === this.#generation) {
			this.#followAll();
		}
	}

	async #follow(id) {
		const stream = new AbortController();
		this.#streams.set(id, stream);
		let failures = 0;
		const isWanted = () => !stream.signal.aborted && !this.#isRefused && this.#byId.has(id) && isOpen(this.#byId.get(id));
		while (isWanted()) {
			try {
				await follow(id, (job) => {
					failures = 0;
					if (this.#byId.has(id)) {
						this.#merge(job);
					}
				}, stream.signal);
			} catch (error) {
				if (!stream.signal.aborted) {
					this.#lost(id, error);
				}
			}
			if (isWanted()) {
				await pause(pauseAfter(failures++));
			}
		}
		if (this.#streams.get(id) === stream) {
			this.#streams.delete(id);
			this.#followAll();
		}
	}

	#lost(id, error) {
		const job = this.#byId.get(id);
		this.#told(error);
		if (job && error.code === 'job_not_found') {
			this.#forget(job);
		} else if (job) {
			this.#put({ ...job, isCut: true });
		}
	}

	#told(error) {
		if (!(error instanceof ApiError)) {
			throw error;
		}
		if (error.status === 401 && !this.#isRefused) {
			this.#isRefused = true;
			this.dispatchEvent(new Event('refused'));
		}
	}

}

/** Whether a job has not ended. */
export function isOpen(job) {
	return job.state !== 'completed' && job.state !== 'failed';
}

/** Where the image of a job is, relative to the page; with a format, converted to it. */
export function imagePath(job, format) {
	const id = encodeURIComponent(new URL(job.image_url).searchParams.get('id'));
	return format ? `images?id=${id}&format=${format}` : `images?id=${id}`;
}

/** Not randomUUID(), which needs a secure context. */
function random() {
	return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function pause(milliseconds) {
	return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function pauseAfter(failures) {
	return Math.min(500 * 2 ** failures, MAX_PAUSE);
}
