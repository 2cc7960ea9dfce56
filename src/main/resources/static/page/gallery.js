// The cards of all jobs, newest first: searched, and loaded page by page while one scrolls.

import { createCard } from './card.js';
import { onLanguage, t } from './i18n.js';
import { isOpen } from './jobs.js';
import { sayStage } from './live.js';

const TICK = 1_000;

export class Gallery {

	#jobs;
	#actions;
	#cards = new Map();
	#list = document.getElementById('cards');
	#search = document.getElementById('search');
	#note = document.getElementById('gallery-note');
	#more = document.getElementById('more');
	#isMoreNear = false;

	constructor(jobs, actions) {
		this.#jobs = jobs;
		this.#actions = actions;
		jobs.addEventListener('change', ({ detail }) => this.#show(detail));
		jobs.addEventListener('remove', ({ detail }) => this.#remove(detail));
		jobs.addEventListener('page', () => this.#continue());
		this.#search.addEventListener('input', () => this.#filter());
		onLanguage(() => this.#cards.forEach((card) => card.update(card.job)));
		onLanguage(() => this.#describe());
		setInterval(() => this.#cards.forEach((card) => {
			if (isOpen(card.job) || card.job.error?.retryAt) {
				card.tick();
			}
		}), TICK);
		new IntersectionObserver(([entry]) => {
			this.#isMoreNear = entry.isIntersecting;
			this.#continue();
		}, { rootMargin: '600px' }).observe(this.#more);
	}

	/** The jobs whose images are shown, in the order of the page. */
	get images() {
		return [...this.#list.children].filter((element) => !element.hidden && element.dataset.state === 'completed')
			.map((element) => this.#cards.get(element.dataset.key).job);
	}

	focus(job) {
		this.#cards.get(job.key)?.focus();
	}

	/** Load a page, if the end of the list is near. */
	#continue() {
		this.#describe();
		if (this.#isMoreNear && !document.getElementById('gallery').hidden) {
			this.#jobs.loadMore();
		}
	}

	#show(job) {
		let card = this.#cards.get(job.key);
		const isNew = !card;
		if (isNew) {
			card = createCard(this.#actions);
			card.element.dataset.key = job.key;
			this.#cards.set(job.key, card);
		}
		const hasChanged = isNew || card.job.state !== job.state;
		const wasOpen = !isNew && isOpen(card.job);
		card.update(job);
		if (isNew) {
			this.#insert(card);
		}
		// What had ended before the page came is no news.
		if (hasChanged && (wasOpen || isOpen(job))) {
			sayStage(job);
		}
		card.element.hidden = !this.#matches(job);
		this.#describe();
	}

	/** Ids grow with time; what has none yet is newest. */
	#insert(card) {
		const id = (job) => job.id ?? '~';
		const next = [...this.#list.children]
			.find((element) => id(this.#cards.get(element.dataset.key).job) <= id(card.job));
		this.#list.insertBefore(card.element, next ?? null);
	}

	/** The focus goes to the neighbour. */
	#remove(job) {
		const { element } = this.#cards.get(job.key);
		const neighbour = element.nextElementSibling ?? element.previousElementSibling;
		const isFocused = element.contains(document.activeElement);
		element.remove();
		this.#cards.delete(job.key);
		if (isFocused) {
			(this.#cards.get(neighbour?.dataset.key) ?? this.#search).focus();
		}
		this.#describe();
	}

	#filter() {
		this.#cards.forEach((card) => card.element.hidden = !this.#matches(card.job));
		this.#describe();
	}

	#matches(job) {
		const text = `${job.prompt} ${job.revised_prompt ?? ''}`.toLowerCase();
		return this.#search.value.toLowerCase().split(/\s+/).every((word) => text.includes(word));
	}

	#describe() {
		const isEmpty = [...this.#list.children].every((element) => element.hidden);
		this.#note.textContent = isEmpty && this.#jobs.isComplete ? t(this.#cards.size > 0 ? 'noMatch' : 'empty') : '';
	}

}
