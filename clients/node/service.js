import assert from 'node:assert/strict';

export const baseURL = `${process.env.SERVICE_ORIGIN}/v1`;

/** Of a service whose allowance is used up once {@link usingUp} was asked of it: it then is for all who ask. */
export const usedUpURL = `${process.env.USED_UP_ORIGIN}/v1`;

export const usingUp = 'limit for hours';

export const apiKey = process.env.API_KEY;

/** One of the names in the service's MODELS. */
export const model = 'painter';

/**
 * A fetch that counts its calls: one for what was asked, and one for each repeat that the client makes on its own.
 * With a data URL, a client only tries what fetch is capable of.
 */
export function counting(fetch) {
	const counted = (...args) => {
		counted.calls += `${args[0]}`.startsWith('data:') ? 0 : 1;
		return fetch(...args);
	};
	counted.calls = 0;
	return counted;
}

/** Assert that a message is a picture in Markdown, which is there for a browser without a key, and below it the prompt. */
export async function assertShown(message, prompt) {
	const [, url, caption] = /^!\[[^\]\n]*\]\(([^)\s]+)\)\n\n([^\n]+)$/.exec(message) ?? assert.fail(message);
	assert.equal(caption, prompt);
	await assertServed(url);
}

/** Assert that a link leads to a picture, for a browser that has no key. */
export async function assertServed(url) {
	const response = await fetch(url);
	assert.equal(response.status, 200);
	assert.equal(response.headers.get('content-type'), 'image/webp');
	assertWebp(await response.arrayBuffer());
}

export function assertWebp(bytes) {
	assert.match(Buffer.from(bytes).toString('latin1', 0, 12), /^RIFF.{4}WEBP$/s);
}

export function assertPng(bytes) {
	assert.equal(Buffer.from(bytes).toString('latin1', 1, 4), 'PNG');
}

export function assertSame(bytes, others) {
	assert.ok(Buffer.from(bytes).equals(Buffer.from(others)), 'is another picture');
}

export function assertOther(bytes, others) {
	assert.ok(!Buffer.from(bytes).equals(Buffer.from(others)), 'is the same picture');
}

/** What lies behind a link to a picture, as PNG. */
export async function asPng(url) {
	const bytes = Buffer.from(await (await fetch(`${url}&format=png`)).arrayBuffer());
	assertPng(bytes);
	return bytes;
}

/** A PNG that the service has not made: a pixel. */
export const strangersPng = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
