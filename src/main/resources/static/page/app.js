// Puts the parts of the page together.

import { currentKey } from './api.js';
import { Composer } from './composer.js';
import { setUpElsewhere } from './elsewhere.js';
import { Gallery } from './gallery.js';
import { errorWords, locale, onLanguage, switchLanguage, t, translate } from './i18n.js';
import { Jobs } from './jobs.js';
import { KeyForm } from './key.js';
import { say } from './live.js';
import { describe } from './strip.js';
import { Viewer } from './viewer.js';

const $ = (id) => document.getElementById(id);

const language = $('language');
language.addEventListener('click', switchLanguage);
onLanguage(() => {
	document.documentElement.lang = locale();
	language.textContent = locale() === 'en' ? '中文' : 'English';
	language.lang = locale() === 'en' ? 'zh-CN' : 'en';
	translate(document);
});

const jobs = new Jobs();
const actions = {
	open: (job) => viewer.open(job),
	followUp: (job) => composer.followUp(job),
	again: (job) => jobs.again(job),
	remove: askToDelete
};
const gallery = new Gallery(jobs, actions);
const viewer = new Viewer(gallery, actions);
const composer = new Composer((words, count, parent) => jobs.start(words, count, parent));
const keyForm = new KeyForm(begin);
jobs.addEventListener('refused', () => keyForm.ask('invalid_api_key'));
describe(jobs);
setUpElsewhere();
begin();

/** Show the jobs of the key, or ask for one. */
function begin() {
	const hasKey = currentKey() !== null;
	jobs.reset();
	['composer', 'strip', 'gallery'].forEach((id) => $(id).hidden = !hasKey);
	if (hasKey) {
		jobs.loadMore();
		$('words').focus();
	} else {
		keyForm.ask();
	}
}

function askToDelete(job) {
	const dialog = $('confirm');
	$('confirm-words').textContent = job.prompt;
	$('confirm-no').onclick = () => dialog.close();
	$('confirm-yes').onclick = async () => {
		dialog.close();
		gallery.focus(job);
		try {
			await jobs.delete(job);
			say(t('deleted'));
		} catch (error) {
			say(errorWords(error.code));
		}
	};
	dialog.showModal();
}
