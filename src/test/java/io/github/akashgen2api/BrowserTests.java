package io.github.akashgen2api;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the page does, in a real browser. {@link PageTests} tests how it is served.
 */
class BrowserTests {

	private static final List<String> KEYS = IntStream.range(0, 40).mapToObj((i) -> "key-" + i).toList();

	private static final AtomicInteger USED = new AtomicInteger();

	private static final String PICTURE = ".card[data-state=completed] .picture";

	private static final String FAILED = ".card[data-state=failed]";

	private static final String OPEN = ".card[data-state=queued], .card[data-state=in_progress]";

	/** Chromium's own line on each refusal and each lost connection. */
	private static final String REFUSAL = "Failed to load resource";

	private static Browser browser;

	private static StandInAkashGen akashGen;

	private static RunningService service;

	/** Each test has a key of its own, as a key sees all its jobs. */
	private final String key = KEYS.get(USED.getAndIncrement());

	private boolean hasRefusals;

	@BeforeAll
	static void begin() {
		if (!Browser.isInstalled()) {
			return;
		}
		browser = Browser.start();
		akashGen = StandInAkashGen.begin(Duration.ofSeconds(1));
		service = service();
	}

	private static RunningService service(String... settings) {
		return RunningService.against(akashGen.baseUrl(),
				Stream
					.concat(Stream.of("API_KEY=" + String.join(",", KEYS), "API_PREFIX=studio", "FOLLOW_FOR=10m",
							"POLL_INTERVAL=100ms", "POLL_MAX_ATTEMPTS=6000", "shutdown.drain=1s"), Stream.of(settings))
					.toArray(String[]::new));
	}

	/** Without a browser, nothing has been started. */
	@AfterAll
	static void end() throws Exception {
		for (AutoCloseable started : Arrays.<AutoCloseable>asList(service, browser, akashGen)) {
			if (started != null) {
				started.close();
			}
		}
	}

	/**
	 * Each test is skipped, as a class that is skipped as a whole would not be counted.
	 */
	@BeforeEach
	void forgetEarlierMessages() {
		Assumptions.assumeTrue(Browser.isInstalled(),
				"The page is not tested, as there is no browser: apt-get install --yes chromium chromium-driver");
		akashGen.hold(false);
		browser.leave();
		browser.console();
	}

	@AfterEach
	void consoleIsEmpty() {
		if (!Browser.isInstalled()) {
			return;
		}
		akashGen.hold(false);
		assertThat(browser.console()).filteredOn((line) -> !this.hasRefusals || !line.contains(REFUSAL)).isEmpty();
	}

	@Test
	void firstVisitAsksForTheKeyOnce() {
		this.hasRefusals = true;
		browser.visit(page());
		browser.await("#key-form");
		assertThat(browser.all("#composer, #gallery, #strip")).isEmpty();
		assertThat(browser.text("footer")).isEqualTo("API service is running");
		browser.screenshot("key.png");
		browser.assertAccessible();
		browser.type("#key-field", "wrong", Keys.ENTER);
		browser.awaitText("#key-error", "does not know this key");
		assertThat(browser.hasFocus("#key-field")).isTrue();
		browser.run("document.getElementById('key-field').value = ''");
		browser.type("#key-field", this.key, Keys.ENTER);
		browser.await("#composer");
		browser.awaitText("#gallery-note", "Nothing yet");
		browser.reload();
		browser.await("#composer");
		assertThat(browser.all("#key-form")).isEmpty();
		assertThat(browser.url()).isEqualTo(page());
		assertThat(browser.run("return [sessionStorage.getItem('key'), localStorage.getItem('key')]"))
			.isEqualTo(Arrays.asList(this.key, null));
		browser.click("#key-open");
		browser.click("#key-forget");
		browser.awaitGone("#composer");
		browser.click("#key-remember");
		browser.type("#key-field", this.key, Keys.ENTER);
		browser.await("#composer");
		assertThat(browser.run("return [sessionStorage.getItem('key'), localStorage.getItem('key')]"))
			.isEqualTo(Arrays.asList(null, this.key));
	}

	@Test
	void keyThatIsRevokedIsAskedForAgain() {
		this.hasRefusals = true;
		browser.visit(page());
		browser.run("sessionStorage.setItem('key', 'revoked')");
		browser.reload();
		browser.awaitText("#key-error", "does not know this key");
	}

	@Test
	void paintsAnImage() {
		browser.visit(page(), this.key);
		browser.listen();
		akashGen.hold(true);
		browser.type("#words", "a fox in the snow");
		browser.chord(Keys.CONTROL, Keys.ENTER);
		browser.awaitText(".card .words", "a fox in the snow");
		browser.awaitText(".card .state", "Painting · ");
		browser.awaitText("#strip", "1 waiting");
		assertThat(browser.hasFocus("#words")).isTrue();
		assertThat(browser.run("return document.getElementById('words').value")).isEqualTo("");
		akashGen.hold(false);
		browser.await(PICTURE);
		awaitImages(1);
		assertThat(String.valueOf(browser.run("return document.querySelector('.picture img').getAttribute('src')")))
			.matches("images\\?id=[0-9a-f-]+");
		browser.awaitText("#strip", "AkashGen is reachable · Nothing is waiting");
		browser.awaitSaid("Finished: a fox in the snow");
		assertThat(browser.said()).doesNotHaveDuplicates().contains("Painting: a fox in the snow");
		browser.assertAccessible();
	}

	@Test
	void paintsFourSideBySide() {
		browser.visit(page(), this.key);
		akashGen.hold(true);
		browser.type("#words", "a city at night");
		browser.run("document.querySelector('[name=count][value=\"4\"]').click()");
		browser.click("#composer .primary");
		browser.awaitCount(OPEN, 4);
		browser.awaitText("#strip", "4 waiting");
		browser.waitUntil("four are painted",
				() -> (browser.all(".card[data-state=in_progress]").size() == 4) ? true : null);
		akashGen.hold(false);
		browser.awaitCount(PICTURE, 4);
		assertThat(jobs()).hasSize(4);
	}

	@Test
	void jobInAQueueTellsItsPlace() {
		browser.visit(page(), this.key);
		akashGen.hold(true);
		paint("a queue of cats");
		browser.awaitText(".card[data-state=queued] .state", "Waiting, place 3 · ");
		akashGen.hold(false);
		browser.await(PICTURE);
	}

	@Test
	void failureSaysWhatAndWhichRequest() {
		browser.visit(page(), this.key);
		paint("a plan to fail");
		browser.awaitText(FAILED + " .reason", "AkashGen did not paint it");
		browser.awaitText(FAILED + " .facts", "image_generation_failed");
		assertThat(browser.text(FAILED + " .facts"))
			.containsPattern("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
		browser.screenshot("failure.png");
		browser.assertAccessible();
		browser.reload();
		browser.awaitText(FAILED + " .reason", "AkashGen did not paint it");
		browser.click(FAILED + " .actions button:nth-of-type(2)");
		browser.awaitCount(".card", 2);
		browser.awaitCount(FAILED, 2);
	}

	/** AkashGen limits all keys, so that it needs a service of its own. */
	@Test
	void allowanceIsCountedDown() {
		this.hasRefusals = true;
		try (RunningService limited = service("RATE_LIMIT_PER_KEY=1/5m")) {
			browser.visit(limited.origin() + "/studio/", this.key);
			paint("no limit for hours");
			browser.awaitText(FAILED + " .facts", "rate_limit_exceeded");
			browser.awaitText("#strip", "The allowance is used up until");
			awaitCountdown();
			browser.screenshot("limit.png");
			browser.click(FAILED + " .actions button:nth-of-type(3)");
			browser.click("#confirm-yes");
			browser.awaitGone(FAILED);
			// The second request is one too many for the key.
			paint("a fox");
			browser.awaitText(FAILED + " .facts", "rate_limit_exceeded");
			awaitCountdown();
		}
	}

	private static void awaitCountdown() {
		browser.awaitText(FAILED + " .retry", "Try again in ");
		String first = browser.text(FAILED + " .retry");
		browser.waitUntil("another time", () -> browser.text(FAILED + " .retry").equals(first) ? null : true);
	}

	@Test
	void jobOutlivesAReload() {
		browser.visit(page(), this.key);
		akashGen.hold(true);
		paint("a lighthouse");
		browser.await(OPEN);
		browser.reload();
		browser.await(OPEN);
		browser.awaitText(".card .words", "a lighthouse");
		akashGen.hold(false);
		browser.await(PICTURE);
		browser.awaitCount(".card", 1);
	}

	@Test
	void jobOutlivesARestartOfTheService(@TempDir Path data) throws IOException {
		this.hasRefusals = true;
		String[] settings = { "PORT=" + freePort(), "DATA_DIR=" + data, "IMAGE_STORE_SIZE=100MB" };
		RunningService first = service(settings);
		try {
			browser.visit(first.origin() + "/studio/", this.key);
			akashGen.hold(true);
			paint("a robot");
			browser.await(".card[data-state=in_progress]");
		}
		finally {
			first.close();
		}
		browser.awaitText(".card .state", "No connection, trying again");
		try (RunningService _ = service(settings)) {
			browser.awaitText(".card .state", "Painting");
			akashGen.hold(false);
			browser.await(PICTURE);
			awaitImages(1);
			browser.awaitCount(".card", 1);
		}
	}

	@Test
	void imageIsChangedByFurtherWords() {
		browser.visit(page(), this.key);
		paint("a fox");
		browser.await(PICTURE);
		browser.click(".card .actions button:first-of-type");
		browser.awaitText("#follow-up", "a fox");
		assertThat(browser.hasFocus("#words")).isTrue();
		browser.screenshot("follow-up.png");
		browser.type("#words", "make it blue");
		browser.click("#composer .primary");
		browser.awaitCount(PICTURE, 2);
		JsonNode messages = RunningService.JSON.readTree(akashGen.lastRequest()).get("messages");
		assertThat(messages.valueStream()
			.map((message) -> message.get("role").asString() + " " + message.get("content").asString()))
			.containsExactly("user a fox", "assistant a fox", "user make it blue");
		assertThat(browser.all("#follow-up")).isEmpty();
		// Again: the same words to the same image.
		browser.reload();
		browser.awaitCount(PICTURE, 2);
		browser.click(".card:first-of-type .actions button:nth-of-type(2)");
		browser.awaitCount(PICTURE, 3);
		assertThat(RunningService.JSON.readTree(akashGen.lastRequest()).get("messages")).isEqualTo(messages);
	}

	@Test
	void imageIsDeleted() {
		browser.visit(page(), this.key);
		browser.listen();
		paint("a cat");
		browser.await(PICTURE);
		String link = jobs().getFirst().get("image_url").asString();
		browser.click(".card .actions button:nth-of-type(3)");
		browser.awaitText("#confirm", "a cat");
		browser.click("#confirm-no");
		browser.awaitGone("#confirm");
		browser.click(".card .actions button:nth-of-type(3)");
		browser.click("#confirm-yes");
		browser.awaitGone(".card");
		browser.awaitSaid("Deleted");
		assertThat(browser.hasFocus("#search")).isTrue();
		assertThat(jobs()).isEmpty();
		assertThat(service.get(link.substring(service.origin().length())).statusCode()).isEqualTo(404);
	}

	@Test
	void imageIsSavedAndCopied(@TempDir Path downloads) {
		browser.saveTo(downloads);
		browser.visit(page(), this.key);
		browser.listen();
		paint("a fox: \"in/out\" of the snow?");
		browser.click(PICTURE);
		browser.awaitText("#viewer", "What AkashGen made of it");
		browser.awaitText("#viewer", "blurry, low quality");
		browser.click("[data-save=png]");
		awaitFile(downloads, "a fox in out of the snow.png", "image/png");
		browser.click("[data-save=jpg]");
		awaitFile(downloads, "a fox in out of the snow.jpg", "image/jpeg");
		browser.click("[data-save=webp]");
		awaitFile(downloads, "a fox in out of the snow.webp", "image/webp");
		browser.awaitSaid("Saved as a fox in out of the snow.webp");
		browser.click("#copy-link");
		awaitClipboard(jobs().getFirst().get("image_url").asString());
		browser.click("#copy-words");
		awaitClipboard("a fox: \"in/out\" of the snow?");
		browser.click("#copy-image");
		browser.waitUntil("an image in the clipboard", () -> Boolean.TRUE.equals(browser.runAsync(
				"navigator.clipboard.read().then(([item]) => done(item.types.includes('image/png')), () => done(false))"))
						? true : null);
		browser.assertAccessible();
	}

	private static void awaitFile(Path directory, String name, String type) {
		browser.waitUntil(name, () -> {
			try {
				Path file = directory.resolve(name);
				return (Files.exists(file) && AkashGenDouble.mediaType(Files.readAllBytes(file)).equals(type)) ? true
						: null;
			}
			catch (IOException ex) {
				return null;
			}
		});
	}

	private static void awaitClipboard(String text) {
		browser.waitUntil("'" + text + "' in the clipboard",
				() -> text.equals(
						browser.runAsync("navigator.clipboard.readText().then(done, (error) => done(String(error)))"))
								? true : null);
	}

	@Test
	void keyboardSuffices() {
		browser.visit(page());
		assertThat(browser.hasFocus("#key-field")).isTrue();
		browser.press(this.key, Keys.ENTER);
		browser.await("#composer");
		assertThat(browser.hasFocus("#words")).isTrue();
		browser.press("mountains");
		browser.tabTo("[name=count]");
		browser.press(Keys.ARROW_RIGHT);
		browser.tabTo("#composer .primary");
		browser.press(Keys.ENTER);
		browser.awaitCount(PICTURE, 2);
		browser.tabTo(PICTURE);
		browser.press(Keys.ENTER);
		browser.await("#viewer");
		assertThat(browser.all("#viewer-previous:enabled")).isEmpty();
		browser.press(Keys.ARROW_RIGHT);
		browser.await("#viewer-previous:enabled");
		browser.press(Keys.ARROW_LEFT);
		browser.await("#viewer-next:enabled");
		browser.press(Keys.ARROW_RIGHT);
		browser.await("#viewer-previous:enabled");
		browser.press(Keys.ESCAPE);
		browser.awaitGone("#viewer");
		browser.waitUntil("the focus on the image that was shown",
				() -> browser.hasFocus(".card:nth-of-type(2) .picture") ? true : null);
		browser.tabTo(".card:nth-of-type(2) .actions button:nth-of-type(3)");
		browser.press(Keys.ENTER);
		browser.await("#confirm");
		browser.tabTo("#confirm-yes");
		browser.press(Keys.ENTER);
		browser.awaitCount(".card", 1);
		browser.waitUntil("the focus on the image that is left",
				() -> browser.hasFocus(".card .picture") ? true : null);
		browser.tabTo("#language");
		browser.press(Keys.ENTER);
		browser.awaitText("#composer", "想要什么样的图片");
		assertThat(browser.hasFocus("#language")).isTrue();
	}

	/** 1280 pixels at 400 % are as wide. */
	@Test
	void fitsOnAPhone() {
		browser.visit(page(), this.key);
		paint("a lighthouse-without-any-space-to-break-at-as-a-person-may-well-type-it-in");
		paint("a plan to fail");
		browser.await(PICTURE);
		browser.await(FAILED);
		browser.width(320);
		awaitImages(1);
		assertFits();
		browser.screenshot("phone.png");
		browser.run("document.querySelector('#cards').scrollIntoView()");
		browser.screenshot("phone-gallery.png");
		browser.click(PICTURE);
		browser.await("#viewer");
		assertFits();
		browser.screenshot("phone-viewer.png");
		browser.press(Keys.ESCAPE);
		browser.awaitGone("#viewer");
		browser.run("scrollTo(0, 0)");
		browser.click("#elsewhere-open");
		browser.await("#elsewhere");
		assertFits();
		browser.screenshot("phone-elsewhere.png");
	}

	private static void assertFits() {
		assertThat(browser.run("return document.documentElement.scrollWidth > document.documentElement.clientWidth"))
			.isEqualTo(false);
		assertThat(browser.run("""
				return [...document.querySelectorAll('button, input, textarea')]
					.filter((element) => element.checkVisibility() && (!document.querySelector('dialog[open]')
						|| element.closest('dialog[open]')))
					.map((element) => element.type === 'checkbox' ? element.closest('label') : element)
					.map((element) => ({ element, box: element.getBoundingClientRect() }))
					.filter(({ box }) => box.width < 44 || box.height < 44 || box.left < 0 || box.right > innerWidth)
					.map(({ element, box }) => `${element.outerHTML} ${box.width} x ${box.height} at ${box.left}`)
				""")).isEqualTo(List.of());
	}

	@Test
	void speaksChinese() {
		browser.language("zh-CN,zh;q=0.9");
		try {
			browser.visit(page(), this.key);
			assertThat(browser.run("return document.documentElement.lang")).isEqualTo("zh-CN");
			paint("雪中的狐狸 fox");
			browser.await(PICTURE);
			paint("fail");
			browser.awaitText(FAILED + " .reason", "AkashGen 未能生成");
			assertTranslated("zh-CN");
			browser.run("scrollTo(0, 0)");
			browser.screenshot("chinese.png");
			browser.assertAccessible();
			browser.click("#language");
			assertThat(browser.run("return document.documentElement.lang")).isEqualTo("en");
			browser.awaitText(FAILED + " .reason", "AkashGen did not paint it");
			assertTranslated("en");
			browser.reload();
			browser.awaitText("#composer", "What shall the image show?");
		}
		finally {
			browser.language("en");
		}
	}

	/** All words that the page can show, but for those of people and of AkashGen. */
	private static void assertTranslated(String language) {
		Object texts = browser
			.run("""
					return [...document.querySelectorAll('[data-t], [data-label], [data-placeholder]')]
						.map((element) => element.dataset.t ? element.textContent : element.ariaLabel ?? element.placeholder)
					""");
		assertThat((List<?>) texts).hasSizeGreaterThan(30)
			.allSatisfy((text) -> assertThat(String.valueOf(text)).isNotBlank()
				.doesNotContain("undefined")
				.satisfies((words) -> assertThat(
						words.codePoints().anyMatch(Character::isIdeographic) || words.matches("[A-Za-z]+"))
					.as(words)
					.isEqualTo(language.startsWith("zh") || words.matches("[A-Za-z]+"))));
	}

	@Test
	void isDarkWherePeoplePreferIt() {
		browser.visit(page(), this.key);
		browser.media(Map.of("prefers-color-scheme", "dark"));
		paint("a lighthouse");
		paint("a city");
		paint("a plan to fail");
		browser.awaitCount(PICTURE, 2);
		browser.await(FAILED);
		awaitImages(2);
		assertThat(browser.run("return getComputedStyle(document.body).backgroundColor")).isEqualTo("rgb(25, 23, 21)");
		browser.screenshot("dark.png");
		browser.assertAccessible();
		browser.click(PICTURE);
		browser.await("#viewer");
		browser.screenshot("dark-viewer.png");
		browser.assertAccessible();
		browser.press(Keys.ESCAPE);
		browser.awaitGone("#viewer");
		browser.click("#elsewhere-open");
		browser.await("#elsewhere");
		browser.screenshot("dark-elsewhere.png");
		browser.assertAccessible();
	}

	@Test
	void tellsHowToUseItElsewhere() {
		browser.visit(page(), this.key);
		browser.listen();
		browser.click("#elsewhere-open");
		browser.awaitText("#snippets", service.origin() + "/studio/v1");
		for (String name : List.of("curl", "Python", "JavaScript")) {
			browser.awaitText("#snippets", name);
		}
		assertThat(browser.text("#snippets")).doesNotContain(this.key);
		browser.assertAccessible();
		browser.click("#snippets .row:nth-of-type(2) button");
		browser.waitUntil("a command in the clipboard",
				() -> String.valueOf(browser.runAsync("navigator.clipboard.readText().then(done, () => done(''))"))
					.startsWith("curl " + service.origin()
							+ "/studio/v1/images/generations \\\n  -H 'Authorization: Bearer " + this.key) ? true
									: null);
		browser.awaitSaid("Copied");
	}

	@Test
	void galleryGrowsWhileOneScrolls() {
		for (int i = 0; i < 30; i++) {
			HttpResponse<String> started = service.post("/studio/v1/jobs",
					"{\"prompt\":\"%s number %d\"}".formatted((i == 3) ? "a fox" : "a cat", i), "Authorization",
					"Bearer " + this.key, "Content-Type", "application/json");
			assertThat(started.statusCode()).isEqualTo(202);
		}
		browser.visit(page(), this.key);
		browser.awaitText(".card:first-of-type .words", "number 29");
		browser.run("scrollTo(0, document.body.scrollHeight)");
		browser.awaitCount(".card", 30);
		browser.type("#search", "FOX number");
		browser.awaitCount(".card", 1);
		browser.awaitText(".card .words", "a fox number 3");
		browser.type("#search", " nowhere");
		browser.awaitText("#gallery-note", "No image has these words");
		browser.awaitGone(".card");
	}

	/** The pictures of the README; {@code docs/screenshots} puts them there. */
	@Test
	void showsItself() {
		browser.visit(page(), this.key);
		for (String words : List.of("a robot with a watering can", "a black cat on a sunny windowsill",
				"mountains above a sea of clouds", "a fox in the snow, at dawn", "a lighthouse in a storm")) {
			paint(words);
		}
		browser.awaitCount(PICTURE, 5);
		akashGen.hold(true);
		paint("a city at night, in the rain");
		browser.await(OPEN);
		awaitImages(5);
		browser.run("scrollTo(0, 0); document.activeElement.blur()");
		browser.screenshot("page.webp");
		browser.click(".card:nth-of-type(3) .picture");
		browser.await("#viewer");
		browser.waitUntil("the image",
				() -> browser.run("return document.getElementById('viewer-image').complete || null"));
		browser.screenshot("viewer.webp");
		browser.assertAccessible();
	}

	private static String page() {
		return service.origin() + "/studio/";
	}

	private static void paint(String words) {
		browser.type("#words", words);
		browser.click("#composer .primary");
	}

	private static void awaitImages(int count) {
		browser.waitUntil(count + " images are loaded",
				() -> browser.run(
						"""
								const images = [...document.querySelectorAll('.card[data-state=completed] img')];
								images.forEach((image) => image.loading = 'eager');
								return images.filter((image) => image.complete && image.naturalWidth > 0).length === arguments[0] || null
								""",
						count));
	}

	private List<JsonNode> jobs() {
		HttpResponse<String> jobs = service.get("/studio/v1/jobs", "Authorization", "Bearer " + this.key);
		return RunningService.json(jobs).get("data").valueStream().toList();
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

}
