// The one live region: what has happened, once, for those who see it and those who hear it.

import { errorWords, t } from './i18n.js';

const SHOWN = 4_000;

const region = document.getElementById('live');

const said = new Set();

let timer = 0;

/** Say a text, and show it for a moment. */
export function say(text) {
	region.classList.add('shown');
	put(text);
}

/** Say a stage of a job, unless it was said before; of several jobs started together, the waiting and painting once. */
export function sayStage(job) {
	const isEnd = job.state === 'completed' || job.state === 'failed';
	const stage = `${isEnd ? job.key : job.batch ?? job.key} ${job.state}`;
	if (job.state !== 'sending' && !said.has(stage)) {
		said.add(stage);
		const state = job.state === 'failed' ? `${t('failed')}. ${errorWords(job.error.code)}` : t(job.state);
		put(t('saying', state, short(job.prompt)));
	}
}

/** Words that are short enough to be heard. */
export function short(words) {
	return words.length > 80 ? `${words.slice(0, 80)}…` : words;
}

function put(text) {
	clearTimeout(timer);
	// What is outside an open dialog is neither seen nor heard.
	const home = document.querySelector('dialog[open]') ?? document.body;
	if (region.parentElement !== home) {
		region.textContent = '';
		home.append(region);
	}
	requestAnimationFrame(() => region.textContent = text);
	timer = setTimeout(() => {
		region.classList.remove('shown');
		region.textContent = '';
	}, SHOWN);
}
