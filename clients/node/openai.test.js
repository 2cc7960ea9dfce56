import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import nodeFetch from 'node-fetch';
import * as current from 'openai';
import * as four from 'openai4';

import { apiKey, assertPng, assertServed, assertShown, assertWebp, baseURL, counting, model, usedUpURL, usingUp } from './service.js';

const sdks = [
	{ name: 'openai', sdk: current, helpers: (client) => client.chat.completions, fetch },
	{ name: 'openai 4', sdk: four, helpers: (client) => client.beta.chat.completions, fetch: nodeFetch },
];

for (const { name, sdk, helpers, fetch } of sdks) {
	const { APIError, AuthenticationError, BadRequestError, InternalServerError, NotFoundError, OpenAI, RateLimitError } = sdk;

	const connect = (options) => new OpenAI({ baseURL, apiKey, fetch: counting(fetch), ...options });

	const asked = (client) => client.fetch.calls;

	const words = (prompt) => ({ model, messages: [{ role: 'user', content: prompt }] });

	const complete = (client, prompt) => client.chat.completions.create(words(prompt));

	const stream = async (client, prompt, options) => {
		const chunks = [];
		for await (const chunk of await client.chat.completions.create({ ...words(prompt), stream: true, ...options })) {
			chunks.push(chunk);
		}
		return chunks;
	};

	const text = (chunks) => chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');

	const error = (type, status, code, message) => (ex) => {
		assert.ok(ex instanceof type, `${ex.constructor.name}: ${ex.message}`);
		assert.equal(ex.status, status);
		assert.equal(ex.code, code);
		assert.match(ex.message, message);
		return true;
	};

	describe(name, { concurrency: true }, () => {
		it('shows the picture', async () => {
			const client = connect();
			const completion = await complete(client, 'a fox in the snow');
			const [choice] = completion.choices;
			await assertShown(choice.message.content, 'a fox in the snow');
			assert.equal(choice.finish_reason, 'stop');
			assert.equal(completion.object, 'chat.completion');
			assert.equal(completion.model, model);
			assert.equal(completion.status, 'completed');
			assert.ok(completion.imageUrl.endsWith(completion.id));
			assert.ok(choice.message.content.includes(`(${completion.imageUrl})`));
			assert.equal(asked(client), 1);
		});

		it('streams the picture', async () => {
			const chunks = await stream(connect(), 'a cat on a sofa', { stream_options: { include_usage: true } });
			await assertShown(text(chunks), 'a cat on a sofa');
			assert.equal(chunks[0].choices[0].delta.role, 'assistant');
			assert.equal(chunks.at(-2).choices[0].finish_reason, 'stop');
			assert.equal(chunks.at(-1).usage.total_tokens, 0);
		});

		it('streams no usage that was not asked for', async () => {
			const chunks = await stream(connect(), 'a robot');
			assert.equal(chunks.at(-1).choices[0].finish_reason, 'stop');
			assert.ok(chunks.every((chunk) => !chunk.usage && chunk.choices.length === 1));
		});

		it('puts a stream together to a completion', async () => {
			const completion = await helpers(connect()).stream(words('mountains')).finalChatCompletion();
			await assertShown(completion.choices[0].message.content, 'mountains');
			assert.equal(completion.choices[0].finish_reason, 'stop');
			assert.equal(completion.model, model);
		});

		it('says what AkashGen says', async () => {
			const said = 'I can paint that. Which colours do you like?';
			const completion = await complete(connect(), 'words, please');
			assert.equal(completion.choices[0].message.content, said);
			assert.equal(text(await stream(connect(), 'words, please')), said);
		});

		it('says once that painting failed', async () => {
			const client = connect();
			await assert.rejects(complete(client, 'please fail'),
				error(InternalServerError, 502, 'image_generation_failed', /^502 Image generation failed/));
			assert.equal(asked(client), 1);
		});

		it('says once that painting failed after the stream began', async () => {
			const client = connect();
			const failure = error(APIError, undefined, 'image_generation_failed', /^Image generation failed/);
			await assert.rejects(stream(client, 'please fail'), failure);
			assert.equal(asked(client), 1);
			await assert.rejects(helpers(client).stream(words('please fail')).finalChatCompletion(), /Image generation failed/);
			assert.equal(asked(client), 2);
		});

		it('says once that AkashGen is too slow', async () => {
			const client = connect();
			await assert.rejects(complete(client, 'a slow one'),
				error(InternalServerError, 504, 'image_generation_timeout', /^504 Failed to wait for image generation/));
			assert.equal(asked(client), 1);
		});

		it('says once that AkashGen is too slow after the stream began', async () => {
			const client = connect();
			await assert.rejects(stream(client, 'a slow one'),
				error(APIError, undefined, 'image_generation_timeout', /^Failed to wait for image generation/));
			assert.equal(asked(client), 1);
		});

		it('says that AkashGen is out of order, having tried again', async () => {
			const failure = error(InternalServerError, 502, 'upstream_unavailable', /^502 AkashGen answered 500/);
			const client = connect();
			await assert.rejects(complete(client, 'refuse this'), failure);
			assert.equal(asked(client), 3);
			await assert.rejects(stream(connect(), 'refuse this'), failure);
		});

		it('says once that the key is wrong', async () => {
			const client = connect({ apiKey: 'wrong' });
			const failure = error(AuthenticationError, 401, 'invalid_api_key', /^401 ./);
			await assert.rejects(complete(client, 'a fox'), failure);
			await assert.rejects(stream(client, 'a fox'), failure);
			assert.equal(asked(client), 2);
		});

		it('says once that the allowance is used up, and for how long', async () => {
			const client = connect({ baseURL: usedUpURL });
			const failure = (ex) => {
				const seconds = Number(ex.headers.get?.('retry-after') ?? ex.headers['retry-after']);
				return error(RateLimitError, 429, 'rate_limit_exceeded', /^429 ./)(ex) && seconds > 10000 && seconds <= 10800;
			};
			await assert.rejects(complete(client, usingUp), failure);
			await assert.rejects(stream(client, usingUp), failure);
			assert.equal(asked(client), 2);
		});

		it('names the field that is wrong', async () => {
			await assert.rejects(connect().chat.completions.create({ model, messages: [] }),
				(ex) => error(BadRequestError, 400, 'invalid_value', /^400 ./)(ex) && ex.param === 'messages');
		});

		it('gets links to pictures', async () => {
			const { created, data } = await connect().images.generate({ model, prompt: 'a lighthouse' });
			assert.ok(Number.isInteger(created));
			assert.equal(data.length, 1);
			assert.equal(data[0].b64_json, undefined);
			assert.equal(data[0].revised_prompt, 'a lighthouse');
			await assertServed(data[0].url);
		});

		it('gets the pictures themselves', async () => {
			const client = connect();
			const { data } = await client.images.generate({ model, prompt: 'mountains', n: 2, response_format: 'b64_json' });
			assert.equal(data.length, 2);
			for (const { b64_json, url } of data) {
				assertWebp(Buffer.from(b64_json, 'base64'));
				assert.equal(url, undefined);
			}
			const png = await client.images.generate({ model: 'gpt-image-1', prompt: 'a city', output_format: 'png' });
			assert.equal(png.output_format, 'png');
			assertPng(Buffer.from(png.data[0].b64_json, 'base64'));
		});

		it('says once that painting failed where only a picture was asked for', async () => {
			const client = connect();
			await assert.rejects(client.images.generate({ model, prompt: 'please fail' }),
				error(InternalServerError, 502, 'image_generation_failed', /^502 Image generation failed/));
			assert.equal(asked(client), 1);
		});

		it('lists the models', async () => {
			const ids = [];
			for await (const { id } of connect().models.list()) {
				ids.push(id);
			}
			assert.deepEqual(ids.sort(), ['AkashGen', 'gpt-image-1', model]);
			assert.equal((await connect().models.retrieve(model)).id, model);
			await assert.rejects(connect().models.retrieve('gpt-9'),
				error(NotFoundError, 404, 'model_not_found', /^404 ./));
		});

		it('may be called from web pages', async () => {
			const asBrowser = async (url, init) => {
				const headers = [...new Headers(init.headers).keys()];
				const preflight = await fetch(url, {
					method: 'OPTIONS',
					headers: {
						'Origin': 'https://chat.example.com',
						'Access-Control-Request-Method': init.method,
						'Access-Control-Request-Headers': headers.join(','),
					},
				});
				assert.ok(preflight.ok);
				assert.match(preflight.headers.get('access-control-allow-origin'), /^(\*|https:\/\/chat\.example\.com)$/);
				const allowed = preflight.headers.get('access-control-allow-headers').toLowerCase().split(/,\s*/);
				assert.deepEqual(headers.filter((header) => !allowed.includes(header)), []);
				return fetch(url, init);
			};
			const completion = await complete(connect({ dangerouslyAllowBrowser: true, fetch: asBrowser }), 'a fox');
			assert.equal(completion.status, 'completed');
		});

		it('is told that there are no responses', async () => {
			await assert.rejects(connect().responses.create({ model, input: 'a fox' }),
				error(NotFoundError, 404, 'unknown_url', /^404 ./));
		});
	});
}
