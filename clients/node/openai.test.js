import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import nodeFetch from 'node-fetch';
import * as current from 'openai';
import * as four from 'openai4';

import {
	apiKey, asPng, assertOther, assertPng, assertSame, assertServed, assertShown, assertWebp, baseURL, counting, model, strangersPng, usedUpURL,
	usingUp,
} from './service.js';

const sdks = [
	{ name: 'openai', sdk: current, helpers: (client) => client.chat.completions, fetch },
	{ name: 'openai 4', sdk: four, helpers: (client) => client.beta.chat.completions, fetch: nodeFetch },
];

/** Of a message in a streamed response. */
const messageEvents = ['response.output_item.added', 'response.content_part.added', 'response.output_text.delta',
	'response.output_text.done', 'response.content_part.done', 'response.output_item.done'];

const imageTool = (options) => ({ tools: [{ type: 'image_generation', ...options }] });

const assertCall = (call, prompt) => {
	assert.equal(call.type, 'image_generation_call');
	assert.equal(call.status, 'completed');
	assert.equal(call.revised_prompt, prompt);
};

const all = async (stream) => {
	const events = [];
	for await (const event of await stream) {
		events.push(event);
	}
	return events;
};

for (const { name, sdk, helpers, fetch } of sdks) {
	const { APIError, AuthenticationError, BadRequestError, InternalServerError, NotFoundError, OpenAI, RateLimitError, toFile } = sdk;

	const connect = (options) => new OpenAI({ baseURL, apiKey, fetch: counting(fetch), ...options });

	const asked = (client) => client.fetch.calls;

	const words = (prompt) => ({ model, messages: [{ role: 'user', content: prompt }] });

	const complete = (client, prompt) => client.chat.completions.create(words(prompt));

	const stream = (client, prompt, options) => all(client.chat.completions.create({ ...words(prompt), stream: true, ...options }));

	const text = (chunks) => chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');

	const respond = (client, input, options) => client.responses.create({ model, input, ...options });

	const streamResponse = (client, input, options) => all(respond(client, input, { stream: true, ...options }));

	const deltas = (events) => events.map((event) => (event.type === 'response.output_text.delta' ? event.delta : '')).join('');

	const edit = async (client, images, options) => {
		const files = await Promise.all([images].flat().map((bytes) => toFile(bytes, 'picture.png', { type: 'image/png' })));
		return client.images.edit({ model, prompt: 'now make it blue', image: files.length > 1 ? files : files[0], ...options });
	};

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

		it('responds with the picture', async () => {
			const client = connect();
			const response = await respond(client, 'a fox in the snow');
			await assertShown(response.output_text, 'a fox in the snow');
			assert.equal(response.output.length, 1);
			assert.equal(response.object, 'response');
			assert.equal(response.status, 'completed');
			assert.equal(response.model, model);
			assert.equal(response.error, null);
			assert.equal(response.usage.total_tokens, 0);
			assert.equal(asked(client), 1);
			const again = await client.responses.retrieve(response.id);
			assert.deepEqual(again.output, response.output);
			assert.equal(again.status, 'completed');
		});

		it('responds with the picture itself if there is a tool for it', async () => {
			const response = await respond(connect(), 'a fox in the snow', imageTool());
			const [call, ...others] = response.output;
			assert.deepEqual(others, []);
			assert.equal(response.output_text, '');
			assertCall(call, 'a fox in the snow');
			assertWebp(Buffer.from(call.result, 'base64'));
			const png = await respond(connect(), 'a city', imageTool({ output_format: 'png' }));
			assertPng(Buffer.from(png.output[0].result, 'base64'));
		});

		it('streams a response with the picture', async () => {
			const events = await streamResponse(connect(), 'a cat on a sofa');
			assert.deepEqual(events.map(({ type }) => type), ['response.created', 'response.in_progress', ...messageEvents, 'response.completed']);
			assert.deepEqual(events.map((event) => event.sequence_number), [...events.keys()]);
			const { response } = events.at(-1);
			await assertShown(deltas(events), 'a cat on a sofa');
			assert.equal(response.output[0].content[0].text, deltas(events));
			assert.equal(response.id, events[0].response.id);
			assert.equal(response.status, 'completed');
		});

		it('streams a response with the picture itself if there is a tool for it', async () => {
			const events = await streamResponse(connect(), 'a cat on a sofa', imageTool({ output_format: 'png' }));
			assert.deepEqual(events.map(({ type }) => type), ['response.created', 'response.in_progress', 'response.output_item.added',
				'response.image_generation_call.in_progress', 'response.image_generation_call.generating',
				'response.image_generation_call.completed', 'response.output_item.done', 'response.completed']);
			assert.deepEqual(events.map((event) => event.sequence_number), [...events.keys()]);
			const [call] = events.at(-1).response.output;
			assertCall(call, 'a cat on a sofa');
			assertPng(Buffer.from(call.result, 'base64'));
			assert.deepEqual(events.at(-2).item, call);
		});

		it('puts a streamed response together', async () => {
			const { output: [message] } = await connect().responses.stream({ model, input: 'mountains' }).finalResponse();
			await assertShown(message.content[0].text, 'mountains');
			const { output: [call] } = await connect().responses.stream({ model, input: 'mountains', ...imageTool() }).finalResponse();
			assertCall(call, 'mountains');
			assertWebp(Buffer.from(call.result, 'base64'));
		});

		it('responds with what AkashGen says, whether there is a tool or not', async () => {
			const said = 'I can paint that. Which colours do you like?';
			for (const tool of [{}, imageTool()]) {
				assert.equal((await respond(connect(), 'words, please', tool)).output_text, said);
				assert.equal(deltas(await streamResponse(connect(), 'words, please', tool)), said);
			}
		});

		it('continues a response', async () => {
			const client = connect();
			const fox = await respond(client, 'a fox in the snow', imageTool());
			const [call] = (await respond(client, 'now make it blue', { ...imageTool(), previous_response_id: fox.id })).output;
			assertCall(call, 'now make it blue, a fox');
			assertSame(Buffer.from(call.result, 'base64'), Buffer.from(fox.output[0].result, 'base64'));
			await assert.rejects(respond(client, 'now make it blue', { previous_response_id: 'resp_0' }),
				(ex) => error(BadRequestError, 400, 'invalid_value', /^400 ./)(ex) && ex.param === 'previous_response_id');
		});

		it('says once that painting failed instead of responding', async () => {
			const client = connect();
			const failure = error(InternalServerError, 502, 'image_generation_failed', /^502 Image generation failed/);
			await assert.rejects(respond(client, 'please fail'), failure);
			await assert.rejects(respond(client, 'please fail', imageTool()), failure);
			assert.equal(asked(client), 2);
		});

		it('says once that painting failed after the response began', async () => {
			const client = connect();
			const failure = error(APIError, undefined, 'image_generation_failed', /^Image generation failed/);
			await assert.rejects(streamResponse(client, 'please fail'), failure);
			await assert.rejects(streamResponse(client, 'please fail', imageTool()), failure);
			assert.equal(asked(client), 2);
			await assert.rejects(client.responses.stream({ model, input: 'please fail' }).finalResponse(), /Image generation failed/);
			assert.equal(asked(client), 3);
		});

		it('says once that AkashGen is too slow to respond', async () => {
			const client = connect();
			await assert.rejects(respond(client, 'a slow one'),
				error(InternalServerError, 504, 'image_generation_timeout', /^504 Failed to wait for image generation/));
			await assert.rejects(streamResponse(client, 'a slow one'),
				error(APIError, undefined, 'image_generation_timeout', /^Failed to wait for image generation/));
			assert.equal(asked(client), 2);
		});

		it('says that AkashGen is out of order instead of responding, having tried again', async () => {
			const failure = error(InternalServerError, 502, 'upstream_unavailable', /^502 AkashGen answered 500/);
			const client = connect();
			await assert.rejects(respond(client, 'refuse this'), failure);
			assert.equal(asked(client), 3);
			await assert.rejects(streamResponse(connect(), 'refuse this'), failure);
		});

		it('says once that the key is wrong instead of responding', async () => {
			const client = connect({ apiKey: 'wrong' });
			const failure = error(AuthenticationError, 401, 'invalid_api_key', /^401 ./);
			await assert.rejects(respond(client, 'a fox'), failure);
			await assert.rejects(streamResponse(client, 'a fox'), failure);
			assert.equal(asked(client), 2);
		});

		it('says once that the allowance is used up instead of responding', async () => {
			const client = connect({ baseURL: usedUpURL });
			const failure = error(RateLimitError, 429, 'rate_limit_exceeded', /^429 ./);
			await assert.rejects(respond(client, usingUp), failure);
			await assert.rejects(streamResponse(client, usingUp), failure);
			assert.equal(asked(client), 2);
		});

		it('edits a picture that the service has made', async () => {
			const { data: [{ url }] } = await connect().images.generate({ model, prompt: 'a fox in the snow' });
			const fox = await asPng(url);
			const { data } = await edit(connect(), fox);
			assert.equal(data.length, 1);
			assert.equal(data[0].revised_prompt, 'now make it blue, a fox');
			assertSame(await asPng(data[0].url), fox);
			const itself = await edit(connect(), fox, { output_format: 'png', response_format: 'b64_json' });
			assertSame(Buffer.from(itself.data[0].b64_json, 'base64'), fox);
			const second = await edit(connect(), [strangersPng, fox]);
			assertSame(await asPng(second.data[0].url), fox);
		});

		it("ignores a stranger's picture", async () => {
			const { data: [{ url, revised_prompt }] } = await edit(connect(), strangersPng);
			assert.equal(revised_prompt, 'now make it blue');
			assertPng(await asPng(url));
		});

		it('says once that editing failed', async () => {
			const client = connect();
			await assert.rejects(edit(client, strangersPng, { prompt: 'please fail' }),
				error(InternalServerError, 502, 'image_generation_failed', /^502 Image generation failed/));
			assert.equal(asked(client), 1);
			const stranger = connect({ apiKey: 'wrong' });
			await assert.rejects(edit(stranger, strangersPng), error(AuthenticationError, 401, 'invalid_api_key', /^401 ./));
			assert.equal(asked(stranger), 1);
			const poor = connect({ baseURL: usedUpURL });
			await assert.rejects(edit(poor, strangersPng, { prompt: usingUp }),
				error(RateLimitError, 429, 'rate_limit_exceeded', /^429 ./));
			assert.equal(asked(poor), 1);
		});
	});
}

// The older one cannot stream pictures.
describe('openai, streaming pictures', { concurrency: true }, () => {
	const connect = (options) => new current.OpenAI({ baseURL, apiKey, fetch: counting(fetch), ...options });

	const generate = (client, prompt, options) => all(client.images.generate({ model, prompt, stream: true, ...options }));

	const edit = async (client, bytes, options) => all(client.images.edit({
		model, prompt: 'now make it blue', stream: true, image: await current.toFile(bytes, 'picture.png', { type: 'image/png' }), ...options,
	}));

	const failure = (status, code, message) => (ex) => {
		assert.ok(ex instanceof current.APIError, `${ex.constructor.name}: ${ex.message}`);
		assert.equal(ex.status, status);
		assert.equal(ex.code, code);
		assert.match(ex.message, message);
		return true;
	};

	const assertCompleted = (event, type, format) => {
		assert.equal(event.type, type);
		assert.equal(event.output_format, format);
		assert.match(event.size, /^\d+x\d+$/);
		assert.ok(Number.isInteger(event.created_at));
		assert.equal(event.usage.total_tokens, 0);
		(format === 'png' ? assertPng : assertWebp)(Buffer.from(event.b64_json, 'base64'));
	};

	it('brings them as they are finished', async () => {
		const client = connect();
		const webps = await generate(client, 'mountains', { n: 2 });
		assert.equal(webps.length, 2);
		webps.forEach((event) => assertCompleted(event, 'image_generation.completed', 'webp'));
		const pngs = await generate(client, 'a city', { output_format: 'png', partial_images: 2 });
		assert.equal(pngs.length, 1);
		assertCompleted(pngs[0], 'image_generation.completed', 'png');
		assert.equal(client.fetch.calls, 2);
	});

	it('brings those that were edited', async () => {
		const [own] = await generate(connect(), 'a fox in the snow', { output_format: 'png' });
		const fox = Buffer.from(own.b64_json, 'base64');
		const [blue, ...others] = await edit(connect(), fox, { output_format: 'png' });
		assert.deepEqual(others, []);
		assertCompleted(blue, 'image_edit.completed', 'png');
		assertSame(Buffer.from(blue.b64_json, 'base64'), fox);
		const [other] = await edit(connect(), strangersPng, { output_format: 'png' });
		assertCompleted(other, 'image_edit.completed', 'png');
		assertOther(Buffer.from(other.b64_json, 'base64'), fox);
	});

	it('says once that painting failed after the stream began', async () => {
		const client = connect();
		const failed = failure(undefined, 'image_generation_failed', /^Image generation failed/);
		await assert.rejects(generate(client, 'please fail'), failed);
		await assert.rejects(edit(client, strangersPng, { prompt: 'please fail' }), failed);
		assert.equal(client.fetch.calls, 2);
	});

	it('says that AkashGen is out of order before the stream begins', async () => {
		await assert.rejects(generate(connect(), 'refuse this'), failure(502, 'upstream_unavailable', /^502 AkashGen answered 500/));
	});

	it('says once that the key is wrong, or the allowance used up', async () => {
		const stranger = connect({ apiKey: 'wrong' });
		await assert.rejects(generate(stranger, 'a fox'), failure(401, 'invalid_api_key', /^401 ./));
		assert.equal(stranger.fetch.calls, 1);
		const poor = connect({ baseURL: usedUpURL });
		await assert.rejects(generate(poor, usingUp), failure(429, 'rate_limit_exceeded', /^429 ./));
		assert.equal(poor.fetch.calls, 1);
	});
});
