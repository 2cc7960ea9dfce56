import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, generateImage, generateText, RetryError, streamText } from 'ai';

import { apiKey, assertPng, assertShown, assertWebp, baseURL, counting, model, usedUpURL, usingUp } from './service.js';

const providers = [
	{
		name: '@ai-sdk/openai-compatible',
		create: (options) => createOpenAICompatible({ name: 'akashgen', includeUsage: true, ...options }),
		chat: (provider) => provider(model),
		paintingsOfLateFailure: 1,
	},
	{
		name: '@ai-sdk/openai',
		create: createOpenAI,
		chat: (provider) => provider.chat(model),
		// It guesses an HTTP status from the error's type and code, here 500 and 504, and repeats what that calls for.
		paintingsOfLateFailure: 3,
	},
];

/** It repeats twice whatever failed with 429 or 5xx, and only its user can tell it not to. */
const once = { maxRetries: 0 };

for (const { name, create, chat, paintingsOfLateFailure } of providers) {
	const connect = (options) => {
		const counted = counting(fetch);
		const provider = create({ baseURL, apiKey, fetch: counted, ...options });
		return {
			complete: (prompt, options) => generateText({ model: chat(provider), prompt, ...options }),
			stream: (prompt, options) => streamText({ model: chat(provider), prompt, onError: () => {}, ...options }),
			paint: (prompt, { of = model, ...options } = {}) => generateImage({ model: provider.imageModel(of), prompt, ...once, ...options }),
			asked: () => counted.calls,
		};
	};

	const streamError = async (stream) => {
		const parts = [];
		for await (const part of stream.fullStream) {
			parts.push(part);
		}
		assert.equal(parts.filter((part) => part.type === 'text-delta').length, 0);
		return parts.find((part) => part.type === 'error')?.error;
	};

	const error = (status, code, message) => (ex) => {
		assert.ok(APICallError.isInstance(ex), `${ex}`);
		assert.equal(ex.statusCode, status);
		assert.equal(ex.data.error.code, code);
		assert.match(ex.message, message);
		return true;
	};

	describe(name, { concurrency: true }, () => {
		it('shows the picture', async () => {
			const { complete, asked } = connect();
			const { text, finishReason, response } = await complete('a fox in the snow');
			await assertShown(text, 'a fox in the snow');
			assert.equal(finishReason, 'stop');
			assert.equal(response.modelId, model);
			assert.ok(text.includes(response.id));
			assert.equal(asked(), 1);
		});

		it('streams the picture', async () => {
			const { stream } = connect();
			const result = stream('a cat on a sofa');
			await assertShown(await result.text, 'a cat on a sofa');
			assert.equal(await result.finishReason, 'stop');
			assert.equal((await result.usage).totalTokens, 0);
		});

		it('says what AkashGen says', async () => {
			const { complete, stream } = connect();
			const said = 'I can paint that. Which colours do you like?';
			assert.equal((await complete('words, please')).text, said);
			assert.equal(await stream('words, please').text, said);
		});

		it('says that painting failed', async () => {
			const { complete } = connect();
			await assert.rejects(complete('please fail', once),
				error(502, 'image_generation_failed', /^Image generation failed/));
		});

		it('says that painting failed, having had two more pictures painted', async () => {
			const { complete, asked } = connect();
			await assert.rejects(complete('please fail'), (ex) => {
				assert.ok(RetryError.isInstance(ex));
				assert.match(ex.message, /^Failed after 3 attempts\. Last error: AI_APICallError: Image generation failed/);
				return true;
			});
			assert.equal(asked(), 3);
		});

		it('says that painting failed after the stream began', async () => {
			const { stream, asked } = connect();
			const ex = await streamError(stream('please fail'));
			assert.match(ex.message, /Image generation failed/);
			assert.equal(asked(), paintingsOfLateFailure);
		});

		it('says that AkashGen is too slow', async () => {
			const { complete } = connect();
			await assert.rejects(complete('a slow one', once),
				error(504, 'image_generation_timeout', /^Failed to wait for image generation/));
		});

		it('says that AkashGen is too slow after the stream began', async () => {
			const { stream } = connect();
			const ex = await streamError(stream('a slow one', once));
			assert.match(ex.message, /^Failed to wait for image generation/);
		});

		it('says that AkashGen is out of order', async () => {
			const { complete, stream } = connect();
			const failure = error(502, 'upstream_unavailable', /^AkashGen answered 500/);
			await assert.rejects(complete('refuse this', once), failure);
			assert.ok(failure(await streamError(stream('refuse this', once))));
		});

		it('says once that the key is wrong', async () => {
			const { complete, stream, asked } = connect({ apiKey: 'wrong' });
			const failure = error(401, 'invalid_api_key', /./);
			await assert.rejects(complete('a fox'), failure);
			assert.ok(failure(await streamError(stream('a fox'))));
			assert.equal(asked(), 2);
		});

		it('says that the allowance is used up', async () => {
			const { complete, stream } = connect({ baseURL: usedUpURL });
			const failure = error(429, 'rate_limit_exceeded', /./);
			await assert.rejects(complete(usingUp, once), failure);
			assert.ok(failure(await streamError(stream(usingUp, once))));
		});

		it('gets the picture itself', async () => {
			const { paint } = connect();
			const { image } = await paint('mountains');
			assert.equal(image.mediaType, 'image/webp');
			assertWebp(image.uint8Array);
		});

		it('gets the pictures in the format it asks for', async () => {
			const { paint } = connect();
			const providerOptions = { akashgen: { output_format: 'png' }, openai: { outputFormat: 'png' } };
			const { images } = await paint('a city', { of: 'gpt-image-1', n: 2, providerOptions });
			assert.equal(images.length, 2);
			for (const image of images) {
				assertPng(image.uint8Array);
			}
		});

		it('says that painting failed where only a picture was asked for', async () => {
			const { paint } = connect();
			await assert.rejects(paint('please fail'), error(502, 'image_generation_failed', /^Image generation failed/));
		});
	});
}

describe('@ai-sdk/openai without .chat', () => {
	it('is told that there are no responses', async () => {
		await assert.rejects(generateText({ model: createOpenAI({ baseURL, apiKey })(model), prompt: 'a fox' }), (ex) => {
			assert.equal(ex.statusCode, 404);
			assert.equal(ex.data.error.code, 'unknown_url');
			assert.match(ex.message, /\/v1\/responses/);
			return true;
		});
	});
});
