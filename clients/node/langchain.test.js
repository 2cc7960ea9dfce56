import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { ChatOpenAI, DallEAPIWrapper } from '@langchain/openai';

import { apiKey, assertPng, assertServed, assertShown, baseURL as serviceURL, counting, model, usedUpURL, usingUp } from './service.js';

const connect = ({ baseURL = serviceURL, ...options } = {}) => {
	const counted = counting(fetch);
	const chat = new ChatOpenAI({ model, apiKey, configuration: { baseURL, fetch: counted }, maxRetries: 0, ...options });
	return {
		complete: (prompt) => chat.invoke(prompt),
		stream: async (prompt) => {
			let message;
			for await (const chunk of await chat.stream(prompt)) {
				message = message ? message.concat(chunk) : chunk;
			}
			return message;
		},
		asked: () => counted.calls,
	};
};

const error = (status, code, message) => (ex) => {
	assert.equal(ex.status, status);
	assert.equal(ex.code, code);
	assert.match(ex.message, message);
	return true;
};

for (const useResponsesApi of [false, true]) {
	const start = (options) => connect({ useResponsesApi, ...options });

	const assertEnd = ({ finish_reason, status }) => assert.equal(useResponsesApi ? status : finish_reason, useResponsesApi ? 'completed' : 'stop');

	describe(useResponsesApi ? '@langchain/openai, responses' : '@langchain/openai', { concurrency: true }, () => {
		it('shows the picture', async () => {
			const { complete, asked } = start();
			const { text, id, response_metadata } = await complete('a fox in the snow');
			await assertShown(text, 'a fox in the snow');
			assertEnd(response_metadata);
			assert.ok(useResponsesApi ? response_metadata.id.startsWith('resp_') : text.includes(id));
			assert.equal(asked(), 1);
		});

		it('streams the picture', async () => {
			const { text, response_metadata, usage_metadata } = await start().stream('a cat on a sofa');
			await assertShown(text, 'a cat on a sofa');
			assertEnd(response_metadata);
			assert.equal(usage_metadata.total_tokens, 0);
		});

		it('says what AkashGen says', async () => {
			const said = 'I can paint that. Which colours do you like?';
			assert.equal((await start().complete('words, please')).text, said);
			assert.equal((await start().stream('words, please')).text, said);
		});

		it('says that painting failed', async () => {
			await assert.rejects(start().complete('please fail'),
				error(502, 'image_generation_failed', /^502 Image generation failed/));
		});

		it('repeats what failed, as often as it is let, six times by default', async () => {
			const { complete, asked } = start({ maxRetries: 1 });
			await assert.rejects(complete('please fail'),
				error(502, 'image_generation_failed', /^502 Image generation failed/));
			assert.equal(asked(), 2);
		});

		it('says that painting failed after the stream began', async () => {
			const { stream, asked } = start({ maxRetries: 1 });
			await assert.rejects(stream('please fail'),
				error(undefined, 'image_generation_failed', /^Image generation failed/));
			assert.equal(asked(), 1);
		});

		it('says that AkashGen is too slow', async () => {
			await assert.rejects(start().complete('a slow one'),
				error(504, 'image_generation_timeout', /^504 Failed to wait for image generation/));
		});

		it('says that AkashGen is too slow after the stream began', async () => {
			await assert.rejects(start().stream('a slow one'),
				error(undefined, 'image_generation_timeout', /^Failed to wait for image generation/));
		});

		it('says that AkashGen is out of order', async () => {
			const failure = error(502, 'upstream_unavailable', /^502 AkashGen answered 500/);
			await assert.rejects(start().complete('refuse this'), failure);
			await assert.rejects(start().stream('refuse this'), failure);
		});

		it('says once that the key is wrong', async () => {
			const { complete, stream, asked } = start({ apiKey: 'wrong', maxRetries: undefined });
			const failure = error(401, 'invalid_api_key', /^401 ./);
			await assert.rejects(complete('a fox'), failure);
			await assert.rejects(stream('a fox'), failure);
			assert.equal(asked(), 2);
		});

		it('says once that the allowance is used up', async () => {
			const { complete, stream, asked } = start({ baseURL: usedUpURL, maxRetries: undefined });
			const failure = error(429, 'rate_limit_exceeded', /^429 ./);
			await assert.rejects(complete(usingUp), failure);
			await assert.rejects(stream(usingUp), failure);
			assert.equal(asked(), 2);
		});
	});
}

describe('@langchain/openai, responses, with the tool', { concurrency: true }, () => {
	const connectWithTool = (options) => connect({ modelKwargs: { tools: [{ type: 'image_generation', output_format: 'png' }] }, useResponsesApi: true, ...options });

	const bytes = ({ content }) => Buffer.from(content.find(({ type }) => type === 'image').data, 'base64');

	it('gets the picture itself', async () => {
		const message = await connectWithTool().complete('a fox in the snow');
		assertPng(bytes(message));
		assert.equal(message.text, '');
	});

	it('streams the picture itself', async () => {
		const message = await connectWithTool().stream('a fox in the snow');
		assertPng(bytes(message));
		assert.equal(message.text, '');
	});

	it('says what AkashGen says', async () => {
		const said = 'I can paint that. Which colours do you like?';
		assert.equal((await connectWithTool().complete('words, please')).text, said);
		assert.equal((await connectWithTool().stream('words, please')).text, said);
	});

	it('says that painting failed', async () => {
		await assert.rejects(connectWithTool().complete('please fail'), error(502, 'image_generation_failed', /^502 Image generation failed/));
		await assert.rejects(connectWithTool().stream('please fail'), error(undefined, 'image_generation_failed', /^Image generation failed/));
	});
});

describe('@langchain/openai, pictures', () => {
	it('gets a link to the picture', async () => {
		await assertServed(await new DallEAPIWrapper({ model, apiKey, baseUrl: serviceURL }).invoke('a lighthouse'));
	});
});
