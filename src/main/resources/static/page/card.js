// A job as a card, from the first moment to its image. It is changed in place, so that the focus stays where it is.

import { serviceTime } from './api.js';
import { errorWords, t } from './i18n.js';
import { imagePath, isOpen } from './jobs.js';
import { short } from './live.js';

/** Make a card. Its element is `element`; `update(job)` shows a job, `tick()` the time. */
export function createCard(actions) {
	const image = element('img', { loading: 'lazy', decoding: 'async' });
	const open = element('button', { type: 'button', className: 'picture', hidden: true }, image);
	const state = element('p', { className: 'state' });
	const reason = element('p', { className: 'reason' });
	const detail = element('p', { className: 'detail' });
	const facts = element('p', { className: 'facts' });
	const retry = element('p', { className: 'retry' });
	const frame = element('div', { className: 'frame' }, open, state, reason, retry, detail, facts);
	const words = element('p', { className: 'words', dir: 'auto' });
	const followUp = element('button', { type: 'button', className: 'quiet' });
	const again = element('button', { type: 'button', className: 'quiet' });
	const remove = element('button', { type: 'button', className: 'quiet' });
	const card = element('li', { className: 'card' }, frame, words,
		element('div', { className: 'actions' }, followUp, again, remove));
	let job;

	open.addEventListener('click', () => actions.open(job));
	followUp.addEventListener('click', () => actions.followUp(job));
	again.addEventListener('click', () => actions.again(job));
	remove.addEventListener('click', () => actions.remove(job));
	image.addEventListener('error', () => {
		card.classList.add('gone');
		open.hidden = true;
		state.hidden = false;
		state.textContent = t('gone');
	});

	function update(changed) {
		job = changed;
		const isCompleted = job.state === 'completed';
		const hasFailed = job.state === 'failed';
		const isGone = isCompleted && card.classList.contains('gone');
		card.dataset.state = job.state;
		card.dataset.id = job.id ?? '';
		words.textContent = job.prompt;
		words.title = job.prompt;
		open.hidden = !isCompleted || isGone;
		state.hidden = isCompleted && !isGone;
		reason.hidden = detail.hidden = facts.hidden = !hasFailed;
		retry.hidden = !hasFailed || !job.error.retryAt;
		followUp.hidden = !isCompleted;
		again.hidden = isOpen(job);
		remove.hidden = !job.id && !hasFailed;
		if (isCompleted) {
			image.alt = job.prompt;
			open.ariaLabel = t('open', short(job.prompt));
			if (!image.hasAttribute('src')) {
				image.src = imagePath(job);
			}
		}
		if (hasFailed) {
			reason.textContent = errorWords(job.error.code);
			facts.replaceChildren(element('code', { textContent: job.error.code }),
				...(job.requestId ? [` · ${t('requestId')} `, element('code', { textContent: job.requestId })] : []));
			detail.textContent = job.error.message;
		}
		label(followUp, 'followUp', 'followUpFor');
		label(again, 'again', 'againOf');
		label(remove, 'delete', 'deleteOf');
		tick();
	}

	function label(button, visible, full) {
		button.textContent = t(visible);
		button.ariaLabel = t(full, short(job.prompt));
	}

	function tick() {
		if (isOpen(job)) {
			state.textContent = `${stage(job)} · ${t('seconds', Math.max(0, Math.round(serviceTime() / 1000 - job.created_at)))}`;
		} else if (job.state === 'failed') {
			state.textContent = t('failed');
			const left = Math.ceil((job.error.retryAt - serviceTime()) / 1000);
			retry.textContent = left > 0 ? t('retryIn', duration(left)) : t('retryNow');
		} else if (card.classList.contains('gone')) {
			state.textContent = t('gone');
		}
	}

	return { element: card, update, tick, focus: () => (open.hidden ? again : open).focus(), get job() { return job; } };
}

function stage(job) {
	if (job.isCut) {
		return t('reconnecting');
	}
	return job.state === 'queued' && job.queue_position ? t('place', job.queue_position) : t(job.state);
}

/** Seconds as 0:30 or 2:59:59. */
function duration(seconds) {
	const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
	const two = (number) => String(number).padStart(2, '0');
	return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

function element(name, properties, ...children) {
	const made = Object.assign(document.createElement(name), properties);
	made.append(...children);
	return made;
}
