package io.github.akashgen2api;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How the page for people is served. {@code BrowserTests} tests what it does.
 */
class PageTests {

	private static final String BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

	private static final String POLICY = "default-src 'self'; img-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

	private static final int MAX_SIZE = 60_000;

	@RegisterExtension
	static final AkashGenDouble akashGen = new AkashGenDouble();

	@RegisterExtension
	static final RunningService service = RunningService.against(akashGen, "API_PREFIX=akash");

	@Test
	void browserGetsThePage() {
		HttpResponse<String> response = service.get("/akash/", "Accept", BROWSER);
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type")).contains("text/html;charset=utf-8");
		assertThat(response.headers().allValues("Content-Security-Policy")).containsExactly(POLICY);
		assertThat(response.headers().allValues("Vary")).contains("Accept");
		assertThat(response.headers().firstValue("Cache-Control")).contains("no-cache");
		assertThat(response.body()).contains("API service is running");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "*/*", "text/plain", "application/json", "text/plain, text/html",
			"text/html;q=0.5, text/plain", "text/html;q=0", "text/*", ",,,", "text/html;q=x", "\u00e9" })
	void allOthersGetWords(String accept) {
		HttpResponse<String> response = accept.isEmpty() ? service.get("/akash/")
				: service.get("/akash/", "Accept", accept);
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type")).contains("text/plain");
		assertThat(response.headers().allValues("Vary")).contains("Accept");
		assertThat(response.body()).isEqualTo("API service is running");
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/html", "text/html, */*", "text/html, text/plain;q=0.9" })
	void whoeverPrefersHtmlGetsThePage(String accept) {
		assertThat(service.get("/akash/", "Accept", accept).body()).startsWith("<!doctype html>");
	}

	@ParameterizedTest
	@CsvSource({ "/akash/,text/html", "/akash/page/app.js,*/*", "/akash/,*/*" })
	void headHasTheHeadersOnly(String path, String accept) {
		HttpResponse<byte[]> head = service.bytes("HEAD", path, "Accept", accept);
		HttpResponse<byte[]> get = service.bytes("GET", path, "Accept", accept);
		assertThat(head.statusCode()).isEqualTo(200);
		assertThat(head.body()).isEmpty();
		for (String name : List.of("Content-Type", "Content-Length", "ETag", "Cache-Control", "Vary",
				"Content-Security-Policy")) {
			assertThat(head.headers().allValues(name)).as(name).isEqualTo(get.headers().allValues(name));
		}
	}

	@Test
	void browserIsSentToTheSlash() {
		HttpResponse<String> response = service.get("/akash", "Accept", BROWSER);
		assertThat(response.statusCode()).isEqualTo(301);
		assertThat(response.headers().firstValue("Location")).contains("/akash/");
	}

	@ParameterizedTest
	@CsvSource({ "/akash/,text/html;charset=utf-8", "/akash/page/app.js,text/javascript;charset=utf-8",
			"/akash/page/style.css,text/css;charset=utf-8", "/akash/page/icon.svg,image/svg+xml" })
	void browserAsksWhetherAFileHasChanged(String path, String type) {
		HttpResponse<String> first = service.get(path, "Accept", BROWSER);
		assertThat(first.statusCode()).isEqualTo(200);
		assertThat(first.headers().firstValue("Content-Type")).contains(type);
		assertThat(first.headers().firstValue("Cache-Control")).contains("no-cache");
		assertThat(first.headers().firstValue("Content-Disposition")).isEmpty();
		String tag = first.headers().firstValue("ETag").orElseThrow();
		HttpResponse<String> second = service.get(path, "Accept", BROWSER, "If-None-Match", tag);
		assertThat(second.statusCode()).isEqualTo(304);
		assertThat(second.body()).isEmpty();
		assertThat(service.get(path, "Accept", BROWSER, "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/akash/page/nothing.js", "/akash/page/", "/akash/page", "/akash/index.html",
			"/akash/page/app.js/", "/akash/page/app.class", "/akash/static/index.html" })
	void nothingElseIsServed(String path) {
		HttpResponse<String> response = service.get(path, "Accept", BROWSER);
		assertThat(response.statusCode()).isEqualTo(404);
		assertThat(RunningService.json(response).get("error").asString()).isEqualTo("Not found");
	}

	@Test
	void pageIsSmallAndAsksNobodyElse() throws IOException {
		Resource[] files = new PathMatchingResourcePatternResolver().getResources("classpath:/static/**/*.*");
		StringBuilder all = new StringBuilder();
		for (Resource file : files) {
			all.append(file.getContentAsString(StandardCharsets.UTF_8));
		}
		assertThat(all.toString().getBytes(StandardCharsets.UTF_8).length).isLessThan(MAX_SIZE);
		assertThat(Arrays.stream(files).map(Resource::getFilename)).contains("index.html", "app.js", "style.css");
		assertThat(all.toString().replace("http://www.w3.org/2000/svg", "")).doesNotContainPattern("https?://|//cdn")
			.doesNotContainPattern(Pattern.compile("<script(?! type=\"module\" src=)|<style|\\son\\w+=\"|style=\""));
	}

	@ParameterizedTest
	@CsvSource({ "webp,image/webp", "png,image/png", "jpg,image/jpeg", "jpeg,image/jpeg" })
	void imageHasALinkWithAnExtension(String extension, String type) {
		HttpResponse<byte[]> file = service.bytes("GET", "/akash/images/" + AkashGenDouble.JOB + "." + extension);
		assertThat(file.statusCode()).isEqualTo(200);
		assertThat(file.headers().firstValue("Content-Type")).contains(type);
		HttpResponse<byte[]> image = service.bytes("GET",
				"/akash/images?id=" + AkashGenDouble.JOB + "&format=" + extension);
		assertThat(file.body()).isEqualTo(image.body());
		for (String name : List.of("ETag", "Cache-Control", "Content-Disposition", "Content-Security-Policy",
				"Access-Control-Allow-Origin")) {
			assertThat(file.headers().allValues(name)).as(name).hasSize(1).isEqualTo(image.headers().allValues(name));
		}
		HttpResponse<byte[]> head = service.bytes("HEAD", "/akash/images/" + AkashGenDouble.JOB + "." + extension);
		assertThat(head.headers().firstValue("ETag")).isEqualTo(file.headers().firstValue("ETag"));
	}

	@ParameterizedTest
	@CsvSource({ "/akash/images/x.gif,404", "/akash/images/x,404", "/akash/images/.png,404",
			"/akash/images/a b.png,404", "/akash/images/undefined.png,404" })
	void otherLinksLeadNowhere(String path, int status) {
		assertThat(service.get(path.replace(" ", "$")).statusCode()).isEqualTo(status);
	}

}
