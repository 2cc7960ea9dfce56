package io.github.akashgen2api;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Pictures, as browsers see them.
 */
class ImageTests {

	private static final String IMAGE = "/images?id=" + AkashGenDouble.JOB;

	/** As the service's own mark of a picture that it has forgotten. */
	private static final String FORGOTTEN = "data:image/webp;base64,#4711";

	@RegisterExtension
	static final AkashGenDouble akashGen = new AkashGenDouble();

	private RunningService service;

	@BeforeEach
	void start() {
		this.service = RunningService.against(akashGen);
	}

	@AfterEach
	void stop() {
		this.service.close();
	}

	@Test
	void pictureIsServedWithAllThatBrowsersNeed() {
		HttpResponse<byte[]> response = this.service.bytes("GET", IMAGE);
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
	void pictureIsKeptFromTheCompletionOnSoThatLooksCostAkashGenNothing() {
		this.service.complete("fox");
		int requests = akashGen.requests();
		assertThat(this.service.bytes("GET", IMAGE).body()).isEqualTo(AkashGenDouble.PICTURE);
		assertThat(this.service.bytes("GET", IMAGE).body()).isEqualTo(AkashGenDouble.PICTURE);
		assertThat(akashGen.requests()).isEqualTo(requests);
	}

	@Test
	void headTellsTheLengthWithoutTheBytes() {
		HttpResponse<byte[]> response = this.service.bytes("HEAD", IMAGE);
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body()).isEmpty();
		assertThat(header(response, "Content-Length")).isEqualTo(String.valueOf(AkashGenDouble.PICTURE.length));
	}

	@Test
	void pictureThatTheBrowserHasIsNotSentAgain() {
		String entityTag = header(this.service.bytes("GET", IMAGE), "ETag");
		HttpResponse<byte[]> response = this.service.bytes("GET", IMAGE, "If-None-Match", entityTag);
		assertThat(response.statusCode()).isEqualTo(304);
		assertThat(response.body()).isEmpty();
		assertThat(header(response, "ETag")).isEqualTo(entityTag);
		assertThat(header(response, "Cache-Control")).isEqualTo("public, max-age=31536000, immutable");
	}

	@Test
	void rangeOfAPictureIsServed() {
		HttpResponse<byte[]> response = this.service.bytes("GET", IMAGE, "Range", "bytes=100-199");
		assertThat(response.statusCode()).isEqualTo(206);
		assertThat(response.body()).isEqualTo(Arrays.copyOfRange(AkashGenDouble.PICTURE, 100, 200));
		assertThat(header(response, "Content-Range")).isEqualTo("bytes 100-199/" + AkashGenDouble.PICTURE.length);
		assertThat(this.service.bytes("GET", IMAGE, "Range", "bytes=99999999-").statusCode()).isEqualTo(416);
	}

	@Test
	void tenBrowsersAtOnceCostOneDownload() {
		akashGen.status(AkashGenDouble.row("succeeded", AkashGenDouble.FILE).withFixedDelay(200));
		akashGen.file(AkashGenDouble.webp(AkashGenDouble.PICTURE).withFixedDelay(200));
		List<HttpResponse<byte[]>> responses = RunningService.atOnce(10, () -> this.service.bytes("GET", IMAGE));
		assertThat(responses).extracting(HttpResponse::body).containsOnly(AkashGenDouble.PICTURE);
		assertThat(akashGen.downloads()).isEqualTo(1);
		assertThat(akashGen.polls()).isEqualTo(1);
	}

	@Test
	void picturesBeyondTheBoundAreFetchedAgain() {
		try (RunningService small = RunningService.against(akashGen, "IMAGE_CACHE_SIZE=10KB")) {
			small.bytes("GET", IMAGE);
			assertThat(small.bytes("GET", IMAGE).body()).isEqualTo(AkashGenDouble.PICTURE);
		}
		assertThat(akashGen.downloads()).isEqualTo(2);
	}

	@ParameterizedTest
	@CsvSource({ "pending,''", "waiting,''", "succeeded,''", "resting,''" })
	void pictureThatIsNotReadyIsToBeAskedForAgain(String status, String result) {
		akashGen.status(AkashGenDouble.row(status, result));
		HttpResponse<String> response = this.service.get(IMAGE);
		assertThat(response.statusCode()).isEqualTo(404);
		assertThat(response.headers().firstValue("Retry-After")).hasValue("2");
		assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json;charset=utf-8");
		assertThat(RunningService.json(response).get("error").asString()).isEqualTo("Image not found");
	}

	@Test
	void pictureOfUnknownJobIsNotToBeAskedForAgain() {
		akashGen.status(AkashGenDouble.json(404, "{\"error\":\"Middleware error: 404\"}"));
		HttpResponse<String> response = this.service.get(IMAGE);
		assertThat(response.statusCode()).isEqualTo(404);
		assertThat(response.headers().firstValue("Retry-After")).isEmpty();
		assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
		assertThat(response.body())
			.isEqualTo("{\"error\":\"Image not found\",\"details\":\"AkashGen does not know this job\"}");
	}

	@Test
	void pictureThatWasForgottenIsAskedForAgain() {
		akashGen.status(AkashGenDouble.row("completed", FORGOTTEN),
				AkashGenDouble.json(200,
						"[{\"job_id\":\"%s\",\"status\":\"completed\",\"result\":\"%s\",\"preview\":\"%s\"}]".formatted(
								AkashGenDouble.JOB, AkashGenDouble.dataUrl(AkashGenDouble.PICTURE),
								AkashGenDouble.dataUrl(new byte[10]))));
		assertThat(this.service.bytes("GET", IMAGE).body()).isEqualTo(AkashGenDouble.PICTURE);
		assertThat(akashGen.polls()).isEqualTo(2);
	}

	@Test
	void pictureThatWasForgottenIsFetchedFromWhereItIsSince() {
		akashGen.status(AkashGenDouble.row("completed", FORGOTTEN),
				AkashGenDouble.row("succeeded", AkashGenDouble.FILE));
		assertThat(this.service.bytes("GET", IMAGE).body()).isEqualTo(AkashGenDouble.PICTURE);
		assertThat(akashGen.polls()).isEqualTo(2);
	}

	@Test
	void pictureThatWasForgottenByAkashGenTooIsReported() {
		akashGen.status(AkashGenDouble.row("completed", FORGOTTEN));
		HttpResponse<String> response = this.service.get(IMAGE);
		assertThat(response.statusCode()).isEqualTo(502);
		assertThat(response.body()).contains("AkashGen no longer tells of the picture");
	}

	@Test
	void pictureOfFailedJobIsNotFoundForItsReason() {
		akashGen.status(AkashGenDouble.row("failed", "out of memory"));
		HttpResponse<String> response = this.service.get(IMAGE);
		assertThat(response.statusCode()).isEqualTo(404);
		assertThat(response.body()).isEqualTo("{\"error\":\"Image not found\",\"details\":\"out of memory\"}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/images", "/images?id=", "/images?id=undefined", "/images?id=null", "/images?id=a,b",
			"/images?id=a%2Fb", "/images?id=..", "/images?id=%00" })
	void malformedIdIsRefusedWithoutAskingAkashGen(String path) {
		HttpResponse<String> response = this.service.get(path);
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(RunningService.json(response).get("details").asString()).isEqualTo("id");
		assertThat(akashGen.requests()).isZero();
	}

	@ParameterizedTest
	@CsvSource({ "-1,wait must be greater than or equal to 0", "61,wait must be less than or equal to 60",
			"soon,wait must be a whole number" })
	void malformedWaitIsRefusedWithoutAskingAkashGen(String wait, String error) {
		HttpResponse<String> response = this.service.get(IMAGE + "&wait=" + wait);
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(response.body()).isEqualTo("{\"error\":\"%s\",\"details\":\"wait\"}".formatted(error));
		assertThat(akashGen.requests()).isZero();
	}

	@Test
	void waitLastsItsSecondsAndNotTheAttempts() {
		akashGen.status(row(), row(), row(), row(), row(), row(), row(), row(), row(), row(), row(), row(),
				AkashGenDouble.row("succeeded", AkashGenDouble.FILE));
		HttpResponse<byte[]> response = this.service.bytes("GET", IMAGE + "&wait=30");
		assertThat(response.body()).isEqualTo(AkashGenDouble.PICTURE);
		assertThat(akashGen.polls()).isEqualTo(13);
	}

	@Test
	void waitThatIsOverIsToBeAskedForAgain() {
		akashGen.status(row());
		HttpResponse<String> response = this.service.get(IMAGE + "&wait=1");
		assertThat(response.statusCode()).isEqualTo(404);
		assertThat(response.headers().firstValue("Retry-After")).hasValue("2");
	}

	@Test
	void waitBoundsTheDownloadTooWhichGoesOnAllTheSame() {
		akashGen.file(AkashGenDouble.webp(AkashGenDouble.PICTURE).withFixedDelay(3000));
		HttpResponse<String> response = this.service.get(IMAGE + "&wait=1");
		assertThat(response.statusCode()).isEqualTo(404);
		assertThat(response.headers().firstValue("Retry-After")).hasValue("2");
		assertThat(response.body())
			.isEqualTo("{\"error\":\"Image not found\",\"details\":\"The picture is still being fetched\"}");
		assertThat(this.service.bytes("GET", IMAGE + "&wait=30").body()).isEqualTo(AkashGenDouble.PICTURE);
		assertThat(akashGen.downloads()).isEqualTo(1);
	}

	@Test
	void pictureOfAJobThatIsNotVisibleYetIsToBeAskedForAgain() {
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
	void parameterThatIsEmptyOrWrittenOtherwiseIsTaken(String parameters) {
		assertThat(this.service.bytes("GET", IMAGE + parameters).statusCode()).isEqualTo(200);
	}

	@ParameterizedTest
	@CsvSource({ "&format=gif, 'format must be png, jpeg or webp'", "&wait=soon, wait must be a whole number",
			"&wait=1.5, wait must be a whole number" })
	void parameterThatIsWrongIsRefusedNamingIt(String parameters, String message) {
		HttpResponse<String> response = this.service.get(IMAGE + parameters);
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(response.body()).contains(message);
	}

	@Test
	void addressThatIsNoneIsRefusedInJson() throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(),
				URI.create(this.service.origin()).getPort())) {
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
	void pictureThatCannotBeHadIsNoPictureForEver() {
		akashGen.file(AkashGenDouble.html(200));
		HttpResponse<String> response = this.service.get(IMAGE);
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
