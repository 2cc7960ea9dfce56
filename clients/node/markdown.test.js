import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import createDOMPurify from 'dompurify';
import { JSDOM } from 'jsdom';
import { Marked } from 'marked';
import OpenAI from 'openai';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import Markdown from 'react-markdown';
import rehypeRaw from 'rehype-raw';
import remarkDirective from 'remark-directive';
import remarkGfm from 'remark-gfm';
import remarkMath from 'remark-math';
import showdown from 'showdown';

import { apiKey, baseURL, model } from './service.js';

const { window } = new JSDOM();

const react = (...remarkPlugins) => (markdown) => renderToStaticMarkup(createElement(Markdown, { remarkPlugins }, markdown));

const renderers = {
	'marked': (markdown) => new Marked().parse(markdown),
	'marked with breaks': (markdown) => new Marked({ breaks: true }).parse(markdown),
	'marked\'s tokens, printed as Open WebUI does': (markdown) => printed(new Marked({ breaks: true }).lexer(markdown)),
	'react-markdown': react(),
	'react-markdown with GFM and mathematics, as in NextChat': react(remarkGfm, remarkMath),
	'react-markdown with directives too, as in LibreChat': react(remarkGfm, remarkDirective, remarkMath),
	'react-markdown with raw HTML, as in Cherry Studio': (markdown) => renderToStaticMarkup(
		createElement(Markdown, { remarkPlugins: [remarkGfm, remarkMath], rehypePlugins: [rehypeRaw] }, markdown)),
	'showdown and DOMPurify, as in SillyTavern': (markdown) => createDOMPurify(window).sanitize(sillyTavern.makeHtml(markdown)),
};

const sillyTavern = new showdown.Converter({
	disableForced4SpacesIndentedSublists: true,
	emoji: true,
	literalMidWordUnderscores: true,
	parseImgDimensions: true,
	simpleLineBreaks: true,
	strikethrough: true,
	tables: true,
	underline: true,
});

/** Open WebUI prints text as it stands in the source, so that a character reference is seen as such. */
function printed(tokens) {
	return tokens.map((token) => {
		switch (token.type) {
			case 'paragraph': return `<p>${printed(token.tokens)}</p>`;
			case 'image': return `<img src="${html(token.href)}" alt="${html(token.text)}">`;
			case 'text': return html(token.raw);
			case 'escape': return html(token.text);
			case 'space': return '\n';
			default: return `<${token.type}>${html(token.raw)}</${token.type}>`;
		}
	}).join('');
}

function html(text) {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

const prompts = [
	'a "quoted" \'fox\', it\'s here',
	'a [balanced] bracket', 'an un[balanced bracket', 'another un]balanced bracket', 'a (red) fox)', '{{user}} in {braces}',
	'two\nlines', 'two\r\n\r\nparagraphs', 'a line\u2028and a paragraph\u2029apart', '\ta tab and a hard\u00a0space ', 'x'.repeat(5000),
	'<div>a block</div>', 'a line\n<div>\nand another', '<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '<!-- hidden --> fox',
	'<details><summary>more</summary></details>', '<think>about it</think>', '<image_generation>', '<?php x ?> <![CDATA[x]]>', 'a<b and c>d & e',
	'```\ncode\n```', 'a line\n```js\ncode', '~~~\ncode', 'some `code` in it', 'a tick ` alone',
	'**bold** and *italic* and a*b*c', '__bold__ and _italic_ and snake_case_name', '~~gone~~ and ~sub~ and ^sup^ and ==mark==',
	'a | b\n--|--\n1 | 2', '| a | b |', '# a heading', 'a heading\n===', '---', '***',
	'1. a list', '1) a list', '- an item', '+ an item', '* an item', '- [ ] a task', '> a quote',
	'[a link](https://example.com)', '![a picture](http://example.com/x.png)', '![](x)', '[foo]: http://example.com "title"', '[foo]',
	'a note[^1]', '[^1]: a note', 'see https://example.com/a?b=c&d=e now', 'see www.example.com and WWW.EXAMPLE.COM now', 'write to a.b@example.com now',
	'<https://example.com>', '<a@example.com>', 'http://[::1]/x ftp://example.com mailto:a@example.com xmpp:a@example.com',
	'word:name', 'word:name[label]{a=b}', '::leaf[label]{a=b}', ':::container', 'format 16:9 at 12:30 :smile: :+1:',
	'$mathematics$ and $$more$$', 'it costs $5', '\\(x\\) and \\[y\\]', 'a back\\slash, \\*, \\[x\\], at the end \\', '\\',
	'&amp; &lt;b&gt; &#91; &copy; AT&T', 'a fox 🦊 in 雪, مرحبا', '"', '¨D ¨T',
];

/** SillyTavern's parser does not know that a dollar sign can be escaped, and shows the backslash. */
const blemishes = new Map([['showdown and DOMPurify, as in SillyTavern', (text) => text.replaceAll('\\$', '$')]]);

const client = new OpenAI({ baseURL, apiKey });

const message = async (prompt) => {
	const completion = await client.chat.completions.create({ model, messages: [{ role: 'user', content: prompt }] });
	return { content: completion.choices[0].message.content, url: completion.imageUrl };
};

/** As it is seen: white space is one, and what has no width is not there. */
const seen = (text) => text.replace(/\u2060/g, '').replace(/\s+/g, ' ').trim();

const look = (rendered, mend = String) => {
	const { body } = new JSDOM(rendered).window.document;
	const elements = [...body.querySelectorAll('*')];
	return {
		markup: elements.map((element) => element.localName).filter((tag) => !['p', 'br', 'img'].includes(tag)),
		images: elements.filter((element) => element.localName === 'img').map((image) => image.getAttribute('src')),
		text: seen(mend(body.textContent)),
	};
};

describe('a picture and its prompt', { concurrency: 8 }, () => {
	for (const prompt of prompts) {
		it(`are all that is shown of ${JSON.stringify(prompt.slice(0, 80))}`, async () => {
			const { content, url } = await message(prompt);
			assert.doesNotMatch(content, /\\[()[\]]/, 'Open WebUI, NextChat and LibreChat would take it for mathematics');
			const shown = Object.entries(renderers).map(([name, render]) => [name, look(render(content), blemishes.get(name))]);
			const right = { markup: [], images: [url], text: seen(prompt) };
			assert.deepEqual(Object.fromEntries(shown), Object.fromEntries(shown.map(([name]) => [name, right])));
		});
	}
});
