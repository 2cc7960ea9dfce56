package io.github.akashgen2api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.stream.Stream;

import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Debian's Chromium, without a window, and a person in front of it.
 */
final class Browser implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(90);

	private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

	private static final Path CHROMEDRIVER = Path.of("/usr/bin/chromedriver");

	private static final Path SCREENSHOTS = Path.of("screenshots");

	/** Of the whole browser, as the system colours of a machine must not matter. */
	private static final Map<String, String> USUAL = Map.of("prefers-color-scheme", "light", "prefers-reduced-motion",
			"reduce");

	private final ChromeDriver driver;

	private final String axe = axe();

	private Browser(ChromeDriver driver) {
		this.driver = driver;
	}

	/** Whether there is one on this machine. */
	static boolean isInstalled() {
		return Files.isExecutable(CHROMIUM) && Files.isExecutable(CHROMEDRIVER);
	}

	static Browser start() {
		LoggingPreferences logs = new LoggingPreferences();
		logs.enable(LogType.BROWSER, Level.ALL);
		ChromeOptions options = new ChromeOptions();
		options.setBinary(CHROMIUM.toFile());
		options.setCapability("goog:loggingPrefs", logs);
		options.setExperimentalOption("prefs", Map.of("intl.accept_languages", "en"));
		options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
				"--window-size=1200,900", "--lang=en");
		ChromeDriver driver = new ChromeDriver(
				new ChromeDriverService.Builder().usingDriverExecutable(CHROMEDRIVER.toFile()).build(), options);
		driver.manage().timeouts().scriptTimeout(PATIENCE).pageLoadTimeout(PATIENCE);
		Browser browser = new Browser(driver);
		browser.command("Browser.grantPermissions",
				Map.of("permissions", List.of("clipboardReadWrite", "clipboardSanitizedWrite")));
		return browser;
	}

	private static String axe() {
		try (InputStream axe = Browser.class.getResourceAsStream("/axe.min.js")) {
			return new String(Objects.requireNonNull(axe).readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Open a page for the first time, as a light one on a desk. */
	void visit(String url) {
		media(Map.of());
		command("Emulation.clearDeviceMetricsOverride", Map.of());
		this.driver.get(url);
		run("localStorage.clear(); sessionStorage.clear()");
		this.driver.navigate().refresh();
	}

	/** Open a page with a key that was given to it before in this tab. */
	void visit(String url, String key) {
		visit(url);
		run("sessionStorage.setItem('key', arguments[0])", key);
		this.driver.navigate().refresh();
		await("#words");
	}

	/** Leave the page, so that it asks for nothing any more. */
	void leave() {
		this.driver.get("about:blank");
	}

	void reload() {
		this.driver.navigate().refresh();
	}

	String url() {
		return Objects.requireNonNull(this.driver.getCurrentUrl());
	}

	/** Have the system prefer something, such as a dark page. */
	void media(Map<String, String> features) {
		List<Map<String, String>> all = Stream.concat(USUAL.keySet().stream(), features.keySet().stream())
			.distinct()
			.map((name) -> Map.of("name", name, "value", features.getOrDefault(name, USUAL.getOrDefault(name, ""))))
			.toList();
		command("Emulation.setEmulatedMedia", Map.of("features", all));
	}

	/** Give the page the width of a phone, or of a window that is zoomed far in. */
	void width(int pixels) {
		command("Emulation.setDeviceMetricsOverride",
				Map.of("width", pixels, "height", 700, "deviceScaleFactor", 1, "mobile", false));
	}

	/** Prefer a language. */
	void language(String tag) {
		String agent = String.valueOf(run("return navigator.userAgent"));
		command("Emulation.setUserAgentOverride", Map.of("userAgent", agent, "acceptLanguage", tag));
	}

	/** Save files here. */
	void saveTo(Path directory) {
		command("Browser.setDownloadBehavior",
				Map.of("behavior", "allow", "downloadPath", directory.toAbsolutePath().toString()));
	}

	private Map<String, Object> command(String name, Map<String, Object> parameters) {
		return this.driver.executeCdpCommand(name, parameters);
	}

	Object run(String script, Object... arguments) {
		return this.driver.executeScript(script, arguments);
	}

	/** Run a script that ends with a promise. */
	Object runAsync(String script) {
		return this.driver.executeAsyncScript("const done = arguments[0]; " + script);
	}

	/** Wait for an element that can be seen. */
	WebElement await(String selector) {
		return waitUntil(selector, () -> all(selector).stream().findFirst().orElse(null));
	}

	void awaitCount(String selector, int count) {
		waitUntil(count + " " + selector, () -> (all(selector).size() == count) ? true : null);
	}

	void awaitText(String selector, String text) {
		waitUntil(selector + " with '" + text + "'",
				() -> all(selector).stream().anyMatch((element) -> element.getText().contains(text)) ? true : null);
	}

	void awaitGone(String selector) {
		waitUntil("no " + selector, () -> all(selector).isEmpty() ? true : null);
	}

	<T> T waitUntil(String what, Supplier<T> condition) {
		return new WebDriverWait(this.driver, PATIENCE, Duration.ofMillis(100))
			.ignoring(StaleElementReferenceException.class)
			.withMessage(() -> what + " on\n" + text("body"))
			.until((_) -> condition.get());
	}

	/** All elements that can be seen, in the order of the page. */
	List<WebElement> all(String selector) {
		return this.driver.findElements(By.cssSelector(selector)).stream().filter(WebElement::isDisplayed).toList();
	}

	String text(String selector) {
		return this.driver.findElement(By.cssSelector(selector)).getText();
	}

	void click(String selector) {
		await(selector).click();
	}

	void type(String selector, CharSequence... keys) {
		await(selector).sendKeys(keys);
	}

	/** Press keys, wherever the focus is. */
	void press(CharSequence... keys) {
		new Actions(this.driver).sendKeys(keys).perform();
	}

	/** Press a key together with another. */
	void chord(Keys held, CharSequence key) {
		new Actions(this.driver).keyDown(held).sendKeys(key).keyUp(held).perform();
	}

	/** Press Tab until the focus is on such an element. */
	void tabTo(String selector) {
		for (int i = 0; i < 100; i++) {
			if (hasFocus(selector)) {
				return;
			}
			press(Keys.TAB);
		}
		throw new AssertionError("Tab does not lead to " + selector);
	}

	boolean hasFocus(String selector) {
		return Boolean.TRUE.equals(run("return document.activeElement.matches(arguments[0])", selector));
	}

	/** Listen to what the page tells those who do not see it, until it is left. */
	void listen() {
		run("""
				window.said = [];
				const region = document.querySelector('[aria-live]');
				new MutationObserver(() => region.textContent && said.push(region.textContent))
					.observe(region, { childList: true });
				""");
	}

	/** What was said since the page is listened to. */
	List<String> said() {
		return ((List<?>) Objects.requireNonNull(run("return said"))).stream().map(String::valueOf).toList();
	}

	void awaitSaid(String text) {
		waitUntil("'" + text + "' is said", () -> said().contains(text) ? true : null);
	}

	/** Assert that axe finds nothing that keeps somebody from using the page. */
	void assertAccessible() {
		run(this.axe);
		Object violations = runAsync(
				"""
						axe.run(document, { resultTypes: ['violations'] }).then((result) => done(result.violations.map((violation) =>
							`${violation.id}: ${violation.nodes.map((node) => `${node.target} ${node.failureSummary}`).join('; ')}`)))
						""");
		assertThat((List<?>) violations).isEmpty();
	}

	/** What the browser has complained of since it was last asked. */
	List<String> console() {
		return this.driver.manage().logs().get(LogType.BROWSER).getAll().stream().map(LogEntry::getMessage).toList();
	}

	/**
	 * Leave a picture of the page in {@code target/screenshots}, for a person to look at.
	 * @param file its name; the extension is the format
	 */
	void screenshot(String file) {
		String format = file.substring(file.indexOf('.') + 1);
		Map<String, Object> picture = command("Page.captureScreenshot",
				format.equals("png") ? Map.of("format", format) : Map.of("format", format, "quality", 75));
		try {
			Files.createDirectories(SCREENSHOTS);
			Files.write(SCREENSHOTS.resolve(file), Base64.getDecoder().decode(String.valueOf(picture.get("data"))));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.driver.quit();
	}

}
