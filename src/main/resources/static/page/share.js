// Taking images and words along: saving and copying.

import { image } from './api.js';
import { errorWords, t } from './i18n.js';
import { imagePath } from './jobs.js';
import { say } from './live.js';

const MAX_NAME = 80;

/** Only a secure context lets a page copy an image. */
export const canCopyImages = isSecureContext && 'ClipboardItem' in window;

/** Save the image of a job in a format, in a file named by its words. */
export async function save(job, format) {
	await attempt(async () => {
		const blob = await image(imagePath(job, format));
		const link = document.createElement('a');
		link.href = URL.createObjectURL(blob);
		link.download = fileName(job.prompt, blob.type);
		link.click();
		setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
		say(t('saved', link.download));
	});
}

export async function copyImage(job) {
	await attempt(async () => {
		// Safari wants the promise, as the click would be too long ago once the image is there.
		await navigator.clipboard.write([new ClipboardItem({ 'image/png': image(imagePath(job, 'png')) })]);
		say(t('copied'));
	});
}

export async function copyText(text) {
	await attempt(async () => {
		if (navigator.clipboard) {
			await navigator.clipboard.writeText(text);
		} else {
			copyBySelection(text);
		}
		say(t('copied'));
	});
}

/** The only way where the context is not secure. */
function copyBySelection(text) {
	const focused = document.activeElement;
	const box = document.createElement('textarea');
	box.value = text;
	(document.querySelector('dialog[open]') ?? document.body).append(box);
	box.select();
	const isCopied = document.execCommand('copy');
	box.remove();
	focused.focus();
	if (!isCopied) {
		throw new Error('The browser refused');
	}
}

/** The format that was made decides the ending: nothing is converted to WebP. */
function fileName(words, type) {
	const name = words.replace(/[\\/:*?"<>|\p{C}\s]+/gu, ' ').trim().slice(0, MAX_NAME).replace(/^\.+|[. ]+$/g, '');
	return `${name || 'image'}.${type === 'image/jpeg' ? 'jpg' : type.replace('image/', '')}`;
}

async function attempt(action) {
	try {
		await action();
	} catch (error) {
		say(error.code ? errorWords(error.code) : t('cannotCopy'));
	}
}
