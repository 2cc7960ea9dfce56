// The key: asked for once, tried, and kept until the tab is closed, or for longer if the user says so.

import { currentKey, forgetKey, request, useKey } from './api.js';
import { errorWords, onLanguage } from './i18n.js';

const $ = (id) => document.getElementById(id);

/** Ask for a key, and call back with one that works, or with none. */
export class KeyForm {

	#form = $('key-form');
	#field = $('key-field');
	#error = null;

	constructor(onKey) {
		this.#form.addEventListener('submit', async (event) => {
			event.preventDefault();
			const key = this.#field.value.trim();
			try {
				await request('GET', 'v1/jobs?limit=1', { withKey: key });
				useKey(key, $('key-remember').checked);
				this.#field.value = '';
				this.#form.hidden = true;
				onKey();
			} catch (error) {
				this.#tell(error.status === 401 ? 'invalid_api_key' : error.code ?? 'other');
				this.#field.focus();
			}
		});
		$('key-forget').addEventListener('click', () => {
			forgetKey();
			onKey();
			this.ask();
		});
		$('key-open').addEventListener('click', () => this.#form.hidden || !currentKey() ? this.ask() : this.#form.hidden = true);
		onLanguage(() => this.#tell(this.#error));
	}

	/** Show the form, with the reason if there is one. */
	ask(code = null) {
		this.#form.hidden = false;
		$('key-forget').hidden = !currentKey();
		this.#tell(code);
		this.#field.focus();
	}

	#tell(code) {
		this.#error = code;
		$('key-error').textContent = code ? errorWords(code) : '';
		this.#field.ariaInvalid = code ? 'true' : null;
	}

}
