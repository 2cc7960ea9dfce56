// The words of the page, in English and Chinese.

const dictionaries = {
	en: {
		title: 'Words in, image out',
		menu: 'Menu',
		elsewhere: 'Use it elsewhere',
		elsewhereHelp: "Chat apps and SDKs that speak OpenAI's API take this base URL and your key. What you copy contains the key.",
		baseUrl: 'Base URL',
		copyOf: 'Copy {0}',
		key: 'Key',
		keyTitle: 'Your key',
		keyHelp: 'The service prints its key when it starts, unless API_KEY is set. Ask whoever runs it.',
		keyUse: 'Use this key',
		keyRemember: 'Remember me on this device',
		keyForget: 'Forget the key',
		words: 'What shall the image show?',
		followUpLabel: 'How shall it change?',
		wordsHint: 'a fox in the snow, at dawn',
		followUpHint: 'blue, at night, as a woodcut',
		followUpOf: 'Changes “{0}”',
		followUpCancel: 'New image instead',
		count: 'Images',
		paint: 'Paint',
		limits: 'There is no choice of size or seed: AkashGen takes words only, and rewrites them.',
		gallery: 'Your images',
		search: 'Search your images',
		searchHint: 'Search',
		empty: 'Nothing yet. What you have painted stands here, also after a reload.',
		noMatch: 'No image has these words.',
		sending: 'Sending',
		queued: 'Waiting',
		place: 'Waiting, place {0}',
		in_progress: 'Painting',
		completed: 'Finished',
		failed: 'Failed',
		reconnecting: 'No connection, trying again',
		seconds: '{0} s',
		open: 'Open: {0}',
		gone: 'The image is no longer kept.',
		saying: '{0}: {1}',
		followUp: 'Make it …',
		again: 'Again',
		delete: 'Delete',
		deleteOf: 'Delete: {0}',
		againOf: 'Again: {0}',
		followUpFor: 'Make it …: {0}',
		keep: 'Keep',
		deleteTitle: 'Delete it?',
		deleteHelp: 'The image and its link are gone then. Browsers and proxies may keep copies.',
		deleted: 'Deleted',
		previous: 'Previous image',
		next: 'Next image',
		close: 'Close',
		revised: 'What AkashGen made of it',
		negative: 'What it was to avoid',
		painted: 'Painted',
		saveAs: 'Save as',
		copy: 'Copy',
		copyLink: 'Link',
		copyImage: 'Image',
		copyWords: 'Words',
		copied: 'Copied',
		cannotCopy: 'The browser does not let the page copy.',
		saved: 'Saved as {0}',
		requestId: 'Request',
		retryIn: 'Try again in {0}',
		retryNow: 'You can try again now.',
		reachable: 'AkashGen is reachable',
		unreachable: 'AkashGen cannot be reached',
		unknown: 'AkashGen has not been asked yet',
		allowance: 'The allowance is used up until {0}',
		waiting: '{0} waiting',
		nobodyWaiting: 'Nothing is waiting',
		error: {
			network: 'The service cannot be reached.',
			invalid_api_key: 'The service does not know this key.',
			rate_limit_exceeded: 'The allowance is used up.',
			upstream_unavailable: 'AkashGen cannot be reached.',
			image_generation_failed: 'AkashGen did not paint it. Other words may help.',
			image_generation_timeout: 'AkashGen was too slow.',
			outcome_unknown: 'The service stopped while it sent the words. Whether AkashGen paints them is not known.',
			service_stopping: 'The service is being restarted.',
			image_storage_unavailable: 'The image could not be stored.',
			context_length_exceeded: 'The words are too long for AkashGen.',
			request_too_large: 'The words are too long.',
			busy: 'The service is busy.',
			other: 'It did not work.'
		}
	},
	zh: {
		title: '输入文字，得到图片',
		menu: '菜单',
		elsewhere: '在别处使用',
		elsewhereHelp: '支持 OpenAI API 的聊天应用和 SDK 只需填入此基础地址和密钥。复制的内容包含密钥。',
		baseUrl: '基础地址',
		copyOf: '复制{0}',
		key: '密钥',
		keyTitle: '您的密钥',
		keyHelp: '未设置 API_KEY 时，服务启动时会打印密钥。请向服务的运营者索取。',
		keyUse: '使用此密钥',
		keyRemember: '在此设备上记住',
		keyForget: '清除密钥',
		words: '想要什么样的图片？',
		followUpLabel: '想怎样修改？',
		wordsHint: '黎明时分雪中的狐狸',
		followUpHint: '改成蓝色、夜晚、木刻风格',
		followUpOf: '修改“{0}”',
		followUpCancel: '改为新图片',
		count: '张数',
		paint: '生成',
		limits: '无法选择尺寸和随机种子：AkashGen 只接受文字，并会改写。',
		gallery: '您的图片',
		search: '搜索您的图片',
		searchHint: '搜索',
		empty: '还没有图片。生成的图片会显示在这里，刷新后仍在。',
		noMatch: '没有匹配的图片。',
		sending: '正在发送',
		queued: '排队中',
		place: '排队中，第 {0} 位',
		in_progress: '生成中',
		completed: '已完成',
		failed: '失败',
		reconnecting: '连接中断，正在重试',
		seconds: '{0} 秒',
		open: '打开：{0}',
		gone: '图片已不再保存。',
		saying: '{0}：{1}',
		followUp: '修改…',
		again: '再来一张',
		delete: '删除',
		deleteOf: '删除：{0}',
		againOf: '再来一张：{0}',
		followUpFor: '修改…：{0}',
		keep: '保留',
		deleteTitle: '要删除吗？',
		deleteHelp: '图片及其链接将失效。浏览器和代理可能仍有副本。',
		deleted: '已删除',
		previous: '上一张',
		next: '下一张',
		close: '关闭',
		revised: 'AkashGen 改写的提示词',
		negative: '反向提示词',
		painted: '生成时间',
		saveAs: '保存为',
		copy: '复制',
		copyLink: '链接',
		copyImage: '图片',
		copyWords: '文字',
		copied: '已复制',
		cannotCopy: '浏览器不允许本页复制。',
		saved: '已保存为 {0}',
		requestId: '请求',
		retryIn: '{0} 后可重试',
		retryNow: '现在可以重试。',
		reachable: 'AkashGen 可以访问',
		unreachable: '无法访问 AkashGen',
		unknown: '尚未请求过 AkashGen',
		allowance: '额度已用完，{0} 恢复',
		waiting: '{0} 个任务等待中',
		nobodyWaiting: '没有等待中的任务',
		error: {
			network: '无法访问服务。',
			invalid_api_key: '服务不认识此密钥。',
			rate_limit_exceeded: '额度已用完。',
			upstream_unavailable: '无法访问 AkashGen。',
			image_generation_failed: 'AkashGen 未能生成，换个说法也许可以。',
			image_generation_timeout: 'AkashGen 太慢。',
			outcome_unknown: '服务在发送文字时停止，不清楚 AkashGen 是否在生成。',
			service_stopping: '服务正在重启。',
			image_storage_unavailable: '图片无法保存。',
			context_length_exceeded: '文字对 AkashGen 来说太长。',
			request_too_large: '文字太长。',
			busy: '服务繁忙。',
			other: '没有成功。'
		}
	}
};

const STORED = 'language';

let language = stored() ?? (navigator.languages ?? [navigator.language]).map((tag) => tag.slice(0, 2).toLowerCase())
	.find((tag) => tag in dictionaries) ?? 'en';

const listeners = [];

/** The words for a name, in the language of the page, with values in place of {0} and {1}. */
export function t(name, ...values) {
	const words = dictionaries[language][name] ?? dictionaries.en[name];
	return values.reduce((text, value, i) => text.replace(`{${i}}`, () => value), words);
}

/** Our own words for the code of an error. */
export function errorWords(code) {
	const words = dictionaries[language].error;
	return words[code] ?? (code.startsWith('too_') ? words.busy : words.other);
}

export function locale() {
	return language === 'zh' ? 'zh-CN' : 'en';
}

/** Call the listener now, and whenever the language changes. */
export function onLanguage(listener) {
	listeners.push(listener);
	listener();
}

export function switchLanguage() {
	language = language === 'zh' ? 'en' : 'zh';
	try {
		localStorage.setItem(STORED, language);
	} catch {
		// Storage is blocked: the choice holds until the page is closed.
	}
	listeners.forEach((listener) => listener());
}

/** Put the words of the language into an element's descendants, as their attributes name them. */
export function translate(root) {
	root.querySelectorAll('[data-t]').forEach((element) => element.textContent = t(element.dataset.t));
	root.querySelectorAll('[data-label]').forEach((element) => element.ariaLabel = t(element.dataset.label));
	root.querySelectorAll('[data-placeholder]').forEach((element) => element.placeholder = t(element.dataset.placeholder));
}

function stored() {
	try {
		const tag = localStorage.getItem(STORED);
		return tag in dictionaries ? tag : null;
	} catch {
		return null;
	}
}
