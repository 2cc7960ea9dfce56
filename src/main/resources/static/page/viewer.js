// An image at large, with all that can be done with it.

import { locale, onLanguage } from './i18n.js';
import { imagePath } from './jobs.js';
import { canCopyImages, copyImage, copyText, save } from './share.js';

const $ = (id) => document.getElementById(id);

export class Viewer {

	#dialog = $('viewer');
	#gallery;
	#job = null;

	constructor(gallery, actions) {
		this.#gallery = gallery;
		$('viewer-close').addEventListener('click', () => this.#dialog.close());
		$('viewer-previous').addEventListener('click', () => this.#move(-1));
		$('viewer-next').addEventListener('click', () => this.#move(1));
		$('viewer-again').addEventListener('click', () => this.#leave(actions.again));
		$('viewer-follow').addEventListener('click', () => this.#leave(actions.followUp));
		$('viewer-delete').addEventListener('click', () => this.#leave(actions.remove));
		$('copy-link').addEventListener('click', () => copyText(this.#job.image_url));
		$('copy-words').addEventListener('click', () => copyText(this.#job.prompt));
		$('copy-image').addEventListener('click', () => copyImage(this.#job));
		$('copy-image').hidden = !canCopyImages;
		this.#dialog.querySelectorAll('[data-save]').forEach((button) =>
			button.addEventListener('click', () => save(this.#job, button.dataset.save)));
		this.#dialog.addEventListener('keydown', (event) => {
			if (!event.altKey && !event.ctrlKey && !event.metaKey) {
				this.#move({ ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0);
			}
		});
		// A click beside the dialog.
		this.#dialog.addEventListener('click', ({ target }) => target === this.#dialog && this.#dialog.close());
		this.#dialog.addEventListener('close', () => this.#gallery.focus(this.#job));
		onLanguage(() => this.#job && this.#show(this.#job));
	}

	open(job) {
		this.#show(job);
		this.#dialog.showModal();
		$('viewer-words').focus();
	}

	#show(job) {
		this.#job = job;
		$('viewer-image').src = imagePath(job);
		$('viewer-image').alt = job.prompt;
		$('viewer-words').textContent = job.prompt;
		fact('viewer-revised', job.revised_prompt);
		fact('viewer-negative', job.negative_prompt);
		fact('viewer-time', new Date(job.completed_at * 1000).toLocaleString(locale(), { dateStyle: 'medium', timeStyle: 'short' }));
		const images = this.#gallery.images;
		const place = images.findIndex(({ key }) => key === job.key);
		$('viewer-previous').disabled = place <= 0;
		$('viewer-next').disabled = place < 0 || place >= images.length - 1;
	}

	#move(step) {
		const images = this.#gallery.images;
		const next = images[images.findIndex(({ key }) => key === this.#job.key) + step];
		if (step !== 0 && next) {
			this.#show(next);
			// A button that is disabled would lose the focus.
			$('viewer-words').focus();
		}
	}

	#leave(action) {
		this.#dialog.addEventListener('close', () => action(this.#job), { once: true });
		this.#dialog.close();
	}

}

function fact(id, text) {
	$(id).textContent = text;
	$(id).parentElement.hidden = !text;
}
