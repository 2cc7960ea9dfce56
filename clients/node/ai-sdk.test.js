import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, generateImage, generateText, RetryError, streamText } from 'ai';

import {
	apiKey, assertPng, assertSame, assertShown, assertWebp, baseURL, counting, model, strangersPng, usedUpURL, usingUp,
} from './service.js';

const providers = [
	{
		name: '@ai-sdk/openai-compatible',
		create: (options) => createOpenAICompatible({ name: 'akashgen', includeUsage: true, ...options }),
		chat: (provider) => provider(model),
		paintingsOfLateFailure: [1],
	},
	{
		name: '@ai-sdk/openai',
		create: createOpenAI,
		chat: (provider) => provider.chat(model),
		// It guesses an HTTP status from the error's type and code, here 500 and 504, and repeats what that calls for.
		paintingsOfLateFailure: [3],
	},
	{
		name: '@ai-sdk/openai, responses',
		create: createOpenAI,
		chat: (provider) => provider(model),
		// It repeats what fails within 50 ms of the response's first events, as it sees them: on a busy machine, that may be any.
		paintingsOfLateFailure: [1, 2, 3],
	},
];

/** It repeats twice whatever failed with 429 or 5xx, and only its user can tell it not to. */
const once = { maxRetries: 0 };

const png = { akashgen: { output_format: 'png' }, openai: { outputFormat: 'png' } };

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
			assert.ok(text.includes(response.id) || response.id.startsWith('resp_'));
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
			assert.ok(paintingsOfLateFailure.includes(asked()), `${asked()}`);
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
			const { images } = await paint('a city', { of: 'gpt-image-1', n: 2, providerOptions: png });
			assert.equal(images.length, 2);
			for (const image of images) {
				assertPng(image.uint8Array);
			}
		});

		const edited = { providerOptions: png };

		it('edits a picture that the service has made', async () => {
			const { paint } = connect();
			const { image: fox } = await paint('a fox in the snow', { providerOptions: png });
			const { image: blue } = await paint({ text: 'now make it blue', images: [fox.uint8Array] }, edited);
			assertSame(blue.uint8Array, fox.uint8Array);
		});

		it("ignores a stranger's picture", async () => {
			const { paint } = connect();
			const { image: lighthouse } = await paint('a lighthouse', { providerOptions: png });
			const { image: blue } = await paint({ text: 'now make it blue', images: [strangersPng] }, edited);
			assertSame(blue.uint8Array, lighthouse.uint8Array);
		});

		it('says that editing failed', async () => {
			const prompt = (text) => ({ text, images: [strangersPng] });
			await assert.rejects(connect().paint(prompt('please fail')), error(502, 'image_generation_failed', /^Image generation failed/));
			await assert.rejects(connect({ apiKey: 'wrong' }).paint(prompt('a fox')), error(401, 'invalid_api_key', /./));
			await assert.rejects(connect({ baseURL: usedUpURL }).paint(prompt(usingUp)), error(429, 'rate_limit_exceeded', /./));
		});

		it('says that painting failed where only a picture was asked for', async () => {
			const { paint } = connect();
			await assert.rejects(paint('please fail'), error(502, 'image_generation_failed', /^Image generation failed/));
		});
	});
}

describe('@ai-sdk/openai, responses, with the tool', { concurrency: true }, () => {
	const connect = ({ outputFormat, ...options } = {}) => {
		const openai = createOpenAI({ baseURL, apiKey, ...options });
		const tools = { paint: openai.tools.imageGeneration({ outputFormat }) };
		return {
			respond: (prompt, options) => generateText({ model: openai(model), prompt, tools, ...once, ...options }),
			stream: (prompt) => streamText({ model: openai(model), prompt, tools, onError: () => {}, ...once }),
		};
	};

	const bytes = ({ toolName, output }) => {
		assert.equal(toolName, 'paint');
		return Buffer.from(output.result, 'base64');
	};

	const error = (status, code, message) => (ex) => ex.statusCode === status && ex.data.error.code === code && message.test(ex.message);

	it('gets the picture itself', async () => {
		const { text, toolResults } = await connect().respond('a fox in the snow');
		assert.equal(text, '');
		assert.equal(toolResults.length, 1);
		assertWebp(bytes(toolResults[0]));
	});

	it('streams the picture itself, in the format it asks for', async () => {
		const result = connect({ outputFormat: 'png' }).stream('a cat on a sofa');
		const toolResults = await result.toolResults;
		assert.equal(toolResults.length, 1);
		assertPng(bytes(toolResults[0]));
		assert.equal(await result.text, '');
	});

	it('says what AkashGen says', async () => {
		const said = 'I can paint that. Which colours do you like?';
		const { text, toolResults } = await connect().respond('words, please');
		assert.equal(text, said);
		assert.deepEqual(toolResults, []);
		assert.equal(await connect().stream('words, please').text, said);
	});

	it('continues a response', async () => {
		const { respond } = connect();
		const fox = await respond('a fox in the snow');
		const providerOptions = { openai: { previousResponseId: fox.response.id } };
		const blue = await respond('now make it blue', { providerOptions });
		assertSame(bytes(blue.toolResults[0]), bytes(fox.toolResults[0]));
	});

	it('continues what was said', async () => {
		const { respond } = connect();
		const fox = await respond('a fox in the snow');
		const messages = [
			{ role: 'user', content: 'a fox in the snow' }, ...fox.response.messages, { role: 'user', content: 'now make it blue' },
		];
		const blue = await respond(undefined, { messages });
		assertSame(bytes(blue.toolResults[0]), bytes(fox.toolResults[0]));
	});

	it('says that painting failed', async () => {
		await assert.rejects(connect().respond('please fail'), error(502, 'image_generation_failed', /^Image generation failed/));
		const parts = [];
		for await (const part of connect().stream('please fail').fullStream) {
			parts.push(part);
		}
		assert.match(parts.find((part) => part.type === 'error').error.message, /Image generation failed/);
	});

	it('says that the key is wrong, or the allowance used up', async () => {
		await assert.rejects(connect({ apiKey: 'wrong' }).respond('a fox'), error(401, 'invalid_api_key', /./));
		await assert.rejects(connect({ baseURL: usedUpURL }).respond(usingUp), error(429, 'rate_limit_exceeded', /./));
	});
});
