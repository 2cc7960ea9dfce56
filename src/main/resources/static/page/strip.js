// One line on how it stands: AkashGen, its allowance, and what waits.

import { serviceTime } from './api.js';
import { locale, onLanguage, t } from './i18n.js';
import { isOpen } from './jobs.js';

const TICK = 5_000;

/** Keep the line up to date. All of it is told by this key's own jobs. */
export function describe(jobs) {
	const strip = document.getElementById('strip');

	function show() {
		const all = jobs.all;
		const last = all.filter((job) => job.completed_at && job.error?.code !== 'service_stopping')
			.reduce((latest, job) => latest && latest.completed_at >= job.completed_at ? latest : job, null);
		const limits = all.map((job) => job.error?.retryAt ?? 0);
		const until = Math.max(0, ...limits);
		const waiting = all.filter(isOpen).length;
		const isDown = last?.error?.code === 'upstream_unavailable';
		strip.dataset.state = !last ? 'unknown' : isDown || until > serviceTime() ? 'down' : 'up';
		strip.textContent = [t(!last ? 'unknown' : isDown ? 'unreachable' : 'reachable'),
			...(until > serviceTime() ? [t('allowance', time(until))] : []),
			waiting ? t('waiting', waiting) : t('nobodyWaiting')].join(' · ');
	}

	['change', 'remove'].forEach((type) => jobs.addEventListener(type, show));
	setInterval(show, TICK);
	onLanguage(show);
}

function time(milliseconds) {
	return new Date(milliseconds).toLocaleTimeString(locale(), { timeStyle: 'short' });
}
