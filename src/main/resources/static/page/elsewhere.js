// The same API from elsewhere: what to type, filled in.

import { currentKey } from './api.js';
import { onLanguage, t } from './i18n.js';
import { copyText } from './share.js';

const HIDDEN_KEY = '••••••';

const $ = (id) => document.getElementById(id);

export function setUpElsewhere() {
	const dialog = $('elsewhere');
	$('elsewhere-open').addEventListener('click', () => {
		show();
		dialog.showModal();
	});
	$('elsewhere-close').addEventListener('click', () => dialog.close());
	onLanguage(show);
}

function show() {
	const key = currentKey() ?? '<key>';
	const visible = currentKey() ? HIDDEN_KEY : key;
	$('snippets').replaceChildren(...snippets().flatMap(([name, text]) => {
		const title = document.createElement('h3');
		title.textContent = name;
		const copy = document.createElement('button');
		copy.type = 'button';
		copy.textContent = t('copy');
		copy.ariaLabel = t('copyOf', name);
		copy.addEventListener('click', () => copyText(text(key)));
		const code = document.createElement('pre');
		code.textContent = text(visible);
		code.tabIndex = 0;
		code.ariaLabel = name;
		code.role = 'group';
		const row = document.createElement('div');
		row.className = 'row';
		row.append(title, copy);
		return [row, code];
	}));
}

function snippets() {
	const base = new URL('v1', document.baseURI);
	const words = JSON.stringify(t('wordsHint'));
	return [
		[t('baseUrl'), () => `${base}`],
		['curl', (key) => `curl ${base}/images/generations \\
  -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' \\
  -d '{"prompt": ${words}}'`],
		['Python', (key) => `from openai import OpenAI

client = OpenAI(base_url="${base}", api_key="${key}")
print(client.images.generate(model="AkashGen", prompt=${words}).data[0].url)`],
		['JavaScript', (key) => `const answer = await fetch("${base}/images/generations", {
  method: "POST",
  headers: { Authorization: "Bearer ${key}", "Content-Type": "application/json" },
  body: JSON.stringify({ prompt: ${words} })
});
console.log((await answer.json()).data[0].url);`]
	];
}
