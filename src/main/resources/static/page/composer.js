// The box for words, and for those that change an image.

import { onLanguage, t } from './i18n.js';
import { imagePath } from './jobs.js';
import { short } from './live.js';

const $ = (id) => document.getElementById(id);

export class Composer {

	#words = $('words');
	#parent = null;

	constructor(onWords) {
		const form = $('composer');
		form.addEventListener('submit', (event) => {
			event.preventDefault();
			const words = this.#words.value.trim();
			if (words) {
				onWords(words, Number(form.elements.count.value), this.#parent);
				this.#words.value = '';
				this.#change(null);
			}
			this.#words.focus();
		});
		this.#words.addEventListener('keydown', (event) => {
			if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
				event.preventDefault();
				form.requestSubmit();
			}
		});
		$('follow-up-cancel').addEventListener('click', () => {
			this.#change(null);
			this.#words.focus();
		});
		$('shortcut').textContent = /Mac|iP/.test(navigator.platform) ? '⌘ ↵' : 'Ctrl ↵';
		onLanguage(() => this.#change(this.#parent));
	}

	/** Ask how the image of a job shall change. */
	followUp(job) {
		this.#change(job);
		this.#words.focus();
		$('composer').scrollIntoView({ block: 'nearest' });
	}

	#change(parent) {
		this.#parent = parent;
		$('follow-up').hidden = !parent;
		if (parent) {
			$('follow-up-image').src = imagePath(parent);
			$('follow-up-words').textContent = t('followUpOf', short(parent.prompt));
		}
		$('words-label').textContent = t(parent ? 'followUpLabel' : 'words');
		this.#words.placeholder = t(parent ? 'followUpHint' : 'wordsHint');
	}

}
