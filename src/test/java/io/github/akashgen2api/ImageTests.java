package io.github.akashgen2api;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@code GET /images}, as browsers see it.
 */
class ImageTests {

	private static final String IMAGE = "/images?id=" + AkashGenDouble.JOB;

	@RegisterExtension
	static final AkashGenDouble akashGen = new AkashGenDouble();

	/** What it saw of a job in one test, it has forgotten in the next. */
	@RegisterExtension
	static final RunningService service = RunningService.against(akashGen, "POLL_INTERVAL=1ms");

	@Test
	void imageIsServedWithTheHeadersThatBrowsersNeed() {
		HttpResponse<byte[]> response = service.bytes("GET", IMAGE);
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body()).isEqualTo(AkashGenDouble.PICTURE);
		assertThat(header(response, "Content-Type")).isEqualTo("image/webp");
		assertThat(header(response, "Content-Length")).isEqualTo(String.valueOf(AkashGenDouble.PICTURE.length));
		assertThat(header(response, "ETag")).matches("\"[0-9a-f]{32}\"");
		assertThat(header(response, "Cache-Control")).isEqualTo("public, max-age=31536000, immutable");
		assertThat(header(response, "Cross-Origin-Resource-Policy")).isEqualTo("cross-origin");
		assertThat(header(response, "X-Content-Type-Options")).isEqualTo("nosniff");
		assertThat(header(response, "Accept-Ranges")).isEqualTo("bytes");
	}

	@Test
	void imageOfACompletionIsServedWithoutARequestToAkashGen() {
		service.complete("fox");
		int requests = akashGen.requests();
		assertThat(service.bytes("GET", IMAGE).body()).isEqualTo(AkashGenDouble.PICTURE);
		assertThat(service.bytes("GET", IMAGE).body()).isEqualTo(AkashGenDouble.PICTURE);
		assertThat(akashGen.requests()).isEqualTo(requests);
	}

	@Test
	void headReturnsTheLengthWithoutTheBytes() {
		HttpResponse<byte[]> response = service.bytes("HEAD", IMAGE);
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body()).isEmpty();
		assertThat(header(response, "Content-Length")).isEqualTo(String.valueOf(AkashGenDouble.PICTURE.length));
	}

	@Test
	void imageThatTheBrowserHasIsNotSentAgain() {
		String entityTag = header(service.bytes("GET", IMAGE), "ETag");
		HttpResponse<byte[]> response = service.bytes("GET", IMAGE, "If-None-Match", entityTag);
		assertThat(response.statusCode()).isEqualTo(304);
		assertThat(response.body()).isEmpty();
		assertThat(header(response, "ETag")).isEqualTo(entityTag);
		assertThat(header(response, "Cache-Control")).isEqualTo("public, max-age=31536000, immutable");
	}

	@ParameterizedTest
	@CsvSource({ "bytes=100-199, 100, 200", "bytes=0-0, 0, 1", "bytes=-10, -10, 0", "bytes=100-, 100, 0",
			"bytes=100-99999999, 100, 0", "bytes=-99999999, 0, 0", "Bytes=5-9, 5, 10", "'bytes=99999999-,5-9', 5, 10" })
	void rangeOfAnImageIsServed(String range, int start, int end) {
		int length = AkashGenDouble.PICTURE.length;
		byte[] part = Arrays.copyOfRange(AkashGenDouble.PICTURE, (start < 0) ? length + start : start,
				(end == 0) ? length : end);
		HttpResponse<byte[]> response = service.bytes("GET", IMAGE, "Range", range);
		assertThat(response.statusCode()).isEqualTo(206);
		assertThat(response.body()).isEqualTo(part);
		int first = (start < 0) ? length + start : start;
		assertThat(header(response, "Content-Range"))
			.isEqualTo("bytes " + first + "-" + (first + part.length - 1) + "/" + length);
		assertThat(header(response, "Content-Type")).isEqualTo("image/webp");
		assertThat(header(response, "ETag")).isEqualTo(header(service.bytes("GET", IMAGE), "ETag"));
	}

	@Test
	void severalRangesOfAnImageAreServedTogether() {
		HttpResponse<byte[]> response = service.bytes("GET", IMAGE, "Range", "bytes=0-3,8-11");
		assertThat(response.statusCode()).isEqualTo(206);
		assertThat(header(response, "Content-Type")).startsWith("multipart/byteranges; boundary=");
		assertThat(new String(response.body(), StandardCharsets.ISO_8859_1)).contains("RIFF", "WEBP",
				"Content-Range: bytes 0-3/" + AkashGenDouble.PICTURE.length,
				"Content-Range: bytes 8-11/" + AkashGenDouble.PICTURE.length);
	}

	@Test
	void rangesOfMoreThanTheWholeImageCostNoMoreThanTheWhole() {
		String range = "bytes=" + "0-,".repeat(50) + "0-";
		assertThat(service.bytes("GET", IMAGE, "Range", range).body()).isEqualTo(AkashGenDouble.PICTURE);
	}

	/**
	 * RFC 9110 section 14.2: ranges that are invalid, of another unit, or not of a
	 * {@code GET} are ignored.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "lines=1-2", "bytes", "bytes=", "bytes=a-b", "bytes=9-5", "5-9", "bytes=-", "bytes=--1" })
	void invalidRangeIsIgnored(String range) {
		HttpResponse<byte[]> response = service.bytes("GET", IMAGE, "Range", range);
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body()).isEqualTo(AkashGenDouble.PICTURE);
		HttpResponse<byte[]> head = service.bytes("HEAD", IMAGE, "Range", "bytes=0-1");
		assertThat(head.statusCode()).isEqualTo(200);
		assertThat(header(head, "Content-Length")).isEqualTo(String.valueOf(AkashGenDouble.PICTURE.length));
	}

	@ParameterizedTest
	@ValueSource(strings = { "bytes=99999999-", "bytes=99999999-99999999,88888888-", "bytes=-0" })
	void rangeAfterTheEndIsRefusedAndNotCached(String range) {
		HttpResponse<String> response = service.get(IMAGE, "Range", range);
		assertThat(response.statusCode()).isEqualTo(416);
		assertThat(header(response, "Content-Range")).isEqualTo("bytes */" + AkashGenDouble.PICTURE.length);
		assertThat(header(response, "Cache-Control")).isEqualTo("no-store");
		assertThat(header(response, "ETag")).isNull();
		assertThat(header(response, "Content-Disposition")).isNull();
		assertThat(RunningService.json(response).get("error").asString()).startsWith("Range must begin before the end");
	}

	@Test
	void rangeIsServedOnlyIfIfRangeMatches() {
		String entityTag = header(service.bytes("GET", IMAGE), "ETag");
		String[] others = { "\"other\"", "W/" + entityTag, "Mon, 23 Nov 2026 02:11:51 GMT", "x" };
		assertThat(service.bytes("GET", IMAGE, "Range", "bytes=0-1", "If-Range", entityTag).statusCode())
			.isEqualTo(206);
		for (String other : others) {
			assertThat(service.bytes("GET", IMAGE, "Range", "bytes=0-1", "If-Range", other).statusCode()).as(other)
				.isEqualTo(200);
		}
	}

	@Test
	void conditionsAreEvaluatedInTheirOrder() {
		String entityTag = header(service.bytes("GET", IMAGE), "ETag");
		assertThat(status("If-Match", entityTag)).isEqualTo(200);
		assertThat(status("If-Match", "*")).isEqualTo(200);
		assertThat(status("If-Match", "\"other\", " + entityTag)).isEqualTo(200);
		assertThat(status("If-Match", "\"other\"")).isEqualTo(412);
		assertThat(status("If-Match", "W/" + entityTag)).isEqualTo(412);
		assertThat(status("If-Match", "\"other\"", "If-None-Match", entityTag)).isEqualTo(412);
		assertThat(status("If-None-Match", "*")).isEqualTo(304);
		assertThat(status("If-None-Match", "W/" + entityTag)).isEqualTo(304);
		assertThat(status("If-None-Match", "\"a\", \"b\", " + entityTag)).isEqualTo(304);
		assertThat(status("If-None-Match", "\"other\"")).isEqualTo(200);
		assertThat(status("If-None-Match", entityTag, "Range", "bytes=0-1")).isEqualTo(304);
		assertThat(status("If-Modified-Since", "Mon, 23 Nov 2026 02:11:51 GMT")).isEqualTo(200);
		assertThat(status("If-Unmodified-Since", "Mon, 23 Nov 2020 02:11:51 GMT")).isEqualTo(200);
	}

	private int status(String... headers) {
		return service.bytes("GET", IMAGE, headers).statusCode();
	}

	@Test
	void imageInItsOwnTabIsCentredAndSavedUnderItsId() {
		HttpResponse<byte[]> image = service.bytes("GET", IMAGE);
		assertThat(header(image, "Content-Security-Policy"))
			.isEqualTo("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
		assertThat(header(image, "Content-Disposition"))
			.isEqualTo("inline; filename=\"" + AkashGenDouble.JOB + ".webp\"");
		assertThat(header(service.bytes("GET", IMAGE + "&format=jpeg"), "Content-Disposition"))
			.isEqualTo("inline; filename=\"" + AkashGenDouble.JOB + ".jpg\"");
		assertThat(service.get("/images?id=").headers().firstValue("Content-Security-Policy"))
			.hasValue("default-src 'none'; frame-ancestors 'none'");
	}

	@Test
	void everyPageMayReadACachedImage() {
		assertThat(header(service.bytes("GET", IMAGE), "Access-Control-Allow-Origin")).isEqualTo("*");
		String entityTag = header(service.bytes("GET", IMAGE), "ETag");
		assertThat(header(service.bytes("GET", IMAGE, "If-None-Match", entityTag), "Access-Control-Allow-Origin"))
			.isEqualTo("*");
		assertThat(header(service.bytes("GET", IMAGE, "Origin", "https://chat.example"), "Access-Control-Allow-Origin"))
			.isEqualTo("*");
		assertThat(header(service.get("/images?id="), "Access-Control-Allow-Origin")).isEqualTo("*");
		assertThat(header(service.get("/ping"), "Access-Control-Allow-Origin")).isNull();
		try (RunningService strict = RunningService.against(akashGen, "CORS_ALLOWED_ORIGINS=https://a.example")) {
			assertThat(header(strict.bytes("GET", IMAGE), "Access-Control-Allow-Origin")).isNull();
		}
	}

	@Test
	void tenBrowsersAtOnceCauseOneDownload() {
		akashGen.status(AkashGenDouble.row("succeeded", AkashGenDouble.FILE).withFixedDelay(200));
		akashGen.file(AkashGenDouble.webp(AkashGenDouble.PICTURE).withFixedDelay(200));
		List<HttpResponse<byte[]>> responses = RunningService.atOnce(10, () -> service.bytes("GET", IMAGE));
		assertThat(responses).extracting(HttpResponse::body).containsOnly(AkashGenDouble.PICTURE);
		assertThat(akashGen.downloads()).isEqualTo(1);
		assertThat(akashGen.polls()).isEqualTo(1);
	}

	@Test
	void imagesBeyondTheStoreSizeAreFetchedAgain(@TempDir Path directory) {
		akashGen.pictureOf("another-job", AkashGenDouble.picture("cat"));
		try (RunningService small = RunningService.against(akashGen, "IMAGE_STORE_DIR=" + directory,
				"IMAGE_STORE_SIZE=10B")) {
			small.bytes("GET", IMAGE);
			assertThat(small.bytes("GET", IMAGE).body()).isEqualTo(AkashGenDouble.PICTURE);
			assertThat(akashGen.downloads()).isEqualTo(1);
			assertThat(small.bytes("GET", "/images?id=another-job").statusCode()).isEqualTo(200);
			assertThat(small.bytes("GET", IMAGE).body()).isEqualTo(AkashGenDouble.PICTURE);
		}
		assertThat(akashGen.downloads()).isEqualTo(3);
	}

	@ParameterizedTest
	@CsvSource({ "pending,''", "waiting,''", "succeeded,''", "resting,''" })
	void pendingImageIsNotFoundWithRetryAfter(String status, String result) {
		akashGen.status(AkashGenDouble.row(status, result));
		HttpResponse<String> response = service.get(IMAGE);
		assertThat(response.statusCode()).isEqualTo(404);
		assertThat(response.headers().firstValue("Retry-After")).hasValue("2");
		assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json;charset=utf-8");
		assertThat(RunningService.json(response).get("error").asString()).isEqualTo("Image not found");
	}

	@Test
	void imageOfAnUnknownJobIsNotFoundWithoutRetryAfter() {
		akashGen.status(AkashGenDouble.json(404, "{\"error\":\"Middleware error: 404\"}"));
		HttpResponse<String> response = service.get(IMAGE);
		assertThat(response.statusCode()).isEqualTo(404);
		assertThat(response.headers().firstValue("Retry-After")).isEmpty();
		assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
		assertThat(response.body())
			.isEqualTo("{\"error\":\"Image not found\",\"details\":\"AkashGen does not know this job\"}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "#0", "#1", "#4711", "" })
	void rowOfOneJobNeverReturnsTheImageOfAnother(String base64) {
		akashGen.statusOf("another-job", "completed", AkashGenDouble.dataUrl(AkashGenDouble.PICTURE));
		akashGen.status(AkashGenDouble.row("completed", "data:image/webp;base64," + base64));
		assertThat(service.bytes("GET", "/images?id=another-job").body()).isEqualTo(AkashGenDouble.PICTURE);
		HttpResponse<String> response = service.get(IMAGE);
		assertThat(response.statusCode()).isEqualTo(502);
		assertThat(RunningService.json(response).get("error").asString())
			.startsWith("AkashGen returned an invalid image");
	}

	@Test
	void imageOfAFailedJobIsNotFoundForItsReason() {
		akashGen.status(AkashGenDouble.row("failed", "out of memory"));
		HttpResponse<String> response = service.get(IMAGE);
		assertThat(response.statusCode()).isEqualTo(404);
		assertThat(response.body()).isEqualTo("{\"error\":\"Image not found\",\"details\":\"out of memory\"}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/images", "/images?id=", "/images?id=undefined", "/images?id=null", "/images?id=a,b",
			"/images?id=a%2Fb", "/images?id=..", "/images?id=%00" })
	void malformedIdIsRefusedWithoutAskingAkashGen(String path) {
		HttpResponse<String> response = service.get(path);
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(RunningService.json(response).get("details").asString()).isEqualTo("id");
		assertThat(akashGen.requests()).isZero();
	}

	@ParameterizedTest
	@CsvSource({ "-1,wait must be greater than or equal to 0", "61,wait must be less than or equal to 60",
			"soon,wait must be a whole number" })
	void malformedWaitIsRefusedWithoutAskingAkashGen(String wait, String error) {
		HttpResponse<String> response = service.get(IMAGE + "&wait=" + wait);
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(response.body()).isEqualTo("{\"error\":\"%s\",\"details\":\"wait\"}".formatted(error));
		assertThat(akashGen.requests()).isZero();
	}

	@Test
	void waitIsLimitedBySecondsAndNotByAttempts() {
		akashGen.status(row(), row(), row(), row(), row(), row(), row(), row(), row(), row(), row(), row(),
				AkashGenDouble.row("succeeded", AkashGenDouble.FILE));
		HttpResponse<byte[]> response = service.bytes("GET", IMAGE + "&wait=30");
		assertThat(response.body()).isEqualTo(AkashGenDouble.PICTURE);
		assertThat(akashGen.polls()).isEqualTo(13);
	}

	@Test
	void waitThatTimesOutIsNotFoundWithRetryAfter() {
		akashGen.status(row());
		HttpResponse<String> response = service.get(IMAGE + "&wait=1");
		assertThat(response.statusCode()).isEqualTo(404);
		assertThat(response.headers().firstValue("Retry-After")).hasValue("2");
	}

	@Test
	void waitLimitsTheDownloadWhichContinuesNevertheless() {
		akashGen.file(AkashGenDouble.webp(AkashGenDouble.PICTURE).withFixedDelay(3000));
		HttpResponse<String> response = service.get(IMAGE + "&wait=1");
		assertThat(response.statusCode()).isEqualTo(404);
		assertThat(response.headers().firstValue("Retry-After")).hasValue("2");
		assertThat(response.body())
			.isEqualTo("{\"error\":\"Image not found\",\"details\":\"The image is still being fetched\"}");
		assertThat(service.bytes("GET", IMAGE + "&wait=30").body()).isEqualTo(AkashGenDouble.PICTURE);
		assertThat(akashGen.downloads()).isEqualTo(1);
	}

	@Test
	void imageOfAJobThatIsNotVisibleYetIsNotFoundWithRetryAfter() {
		akashGen.status(AkashGenDouble.json(404, "{}"));
		try (RunningService patient = RunningService.against(akashGen, "POLL_INTERVAL=1h")) {
			patient.post("{\"messages\":[{\"role\":\"user\",\"content\":\"fox\"}],\"waitForImage\":false}");
			HttpResponse<String> response = patient.get(IMAGE);
			assertThat(response.statusCode()).isEqualTo(404);
			assertThat(response.headers().firstValue("Retry-After")).hasValue("2");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "&format=", "&format=%20", "&format=WEBP", "&wait=", "&wait=0", "&wait=1.0",
			"&wait=%201%20", "&wait=&format=" })
	void parameterThatIsEmptyOrWrittenDifferentlyIsAccepted(String parameters) {
		assertThat(service.bytes("GET", IMAGE + parameters).statusCode()).isEqualTo(200);
	}

	@ParameterizedTest
	@CsvSource({ "&format=gif, 'format must be png, jpeg or webp'", "&wait=soon, wait must be a whole number",
			"&wait=1.5, wait must be a whole number" })
	void invalidParameterIsRefusedByName(String parameters, String message) {
		HttpResponse<String> response = service.get(IMAGE + parameters);
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(response.body()).contains(message);
	}

	@Test
	void invalidUriIsRefusedInJson() throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), URI.create(service.origin()).getPort())) {
			socket.getOutputStream()
				.write("GET /images%?id=a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
					.getBytes(StandardCharsets.US_ASCII));
			assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
				.startsWith("HTTP/1.1 400")
				.contains("application/json;charset=utf-8")
				.contains("{\"error\":\"Bad Request\"}");
		}
	}

	@Test
	void errorOfAnImageIsNotCached() {
		akashGen.file(AkashGenDouble.html(200));
		HttpResponse<String> response = service.get(IMAGE);
		assertThat(response.statusCode()).isEqualTo(502);
		assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
	}

	private static ResponseDefinitionBuilder row() {
		return AkashGenDouble.row("pending", "");
	}

	private static String header(HttpResponse<?> response, String name) {
		return response.headers().firstValue(name).orElse(null);
	}

}
