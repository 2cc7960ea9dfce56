package io.github.akashgen2api;

import java.net.http.HttpResponse;
import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@code GET /images} with {@code format}.
 */
class ImageFormatTests {

	private static final String IMAGE = "/images?id=" + AkashGenDouble.JOB;

	@RegisterExtension
	static final AkashGenDouble akashGen = new AkashGenDouble();

	@RegisterExtension
	static final RunningService service = RunningService.against(akashGen);

	@ParameterizedTest
	@CsvSource({ "png, image/png", "PNG, image/png", "jpeg, image/jpeg", "jpg, image/jpeg", "webp, image/webp" })
	void imageIsServedInTheRequestedFormat(String format, String mediaType) {
		HttpResponse<byte[]> response = service.bytes("GET", IMAGE + "&format=" + format);
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(header(response, "Content-Type")).isEqualTo(mediaType);
		assertThat(AkashGenDouble.mediaType(response.body())).isEqualTo(mediaType);
		assertThat(header(response, "Content-Length")).isEqualTo(String.valueOf(response.body().length));
		assertThat(header(response, "Cache-Control")).isEqualTo("public, max-age=31536000, immutable");
		assertThat(header(response, "X-Content-Type-Options")).isEqualTo("nosniff");
	}

	@Test
	void convertedImageThatTheBrowserHasIsNotSentAgain() {
		String entityTag = header(service.bytes("GET", IMAGE + "&format=png"), "ETag");
		assertThat(entityTag).matches("\"[0-9a-f]{32}\"").isNotEqualTo(header(service.bytes("GET", IMAGE), "ETag"));
		HttpResponse<byte[]> response = service.bytes("GET", IMAGE + "&format=png", "If-None-Match", entityTag);
		assertThat(response.statusCode()).isEqualTo(304);
		assertThat(response.body()).isEmpty();
	}

	@Test
	void convertedImageIsWaitedFor() {
		akashGen.status(AkashGenDouble.row("pending", ""), AkashGenDouble.row("succeeded", AkashGenDouble.FILE));
		HttpResponse<byte[]> response = service.bytes("GET", IMAGE + "&wait=30&format=jpeg");
		assertThat(AkashGenDouble.mediaType(response.body())).isEqualTo("image/jpeg");
	}

	@ParameterizedTest
	@CsvSource({ "png, webp, image/png", "jpeg, webp, image/png", "jpeg, jpeg, image/jpeg" })
	void imageThatIsNotWebpIsReturnedAsPngOrAsItIs(String made, String requested, String mediaType) {
		byte[] image = AkashGenDouble.picture(made, 16);
		akashGen.file(AkashGenDouble.webp(image));
		HttpResponse<byte[]> response = service.bytes("GET", IMAGE + "&format=" + requested);
		assertThat(header(response, "Content-Type")).isEqualTo(mediaType);
		assertThat(AkashGenDouble.mediaType(response.body())).isEqualTo(mediaType);
		assertThat(Arrays.equals(response.body(), image)).isEqualTo(mediaType.equals("image/" + made));
	}

	@ParameterizedTest
	@ValueSource(strings = { "gif", "image/png", "avif" })
	void malformedFormatIsRefusedWithoutAskingAkashGen(String format) {
		HttpResponse<String> response = service.get(IMAGE + "&format=" + format);
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(response.body())
			.isEqualTo("{\"error\":\"format must be png, jpeg or webp\",\"details\":\"format\"}");
		assertThat(akashGen.requests()).isZero();
	}

	@Test
	void imageThatCannotBeConvertedIsServedAsItIsOnly() {
		akashGen.file(AkashGenDouble.webp(AkashGenDouble.broken()));
		assertThat(service.bytes("GET", IMAGE).body()).isEqualTo(AkashGenDouble.broken());
		HttpResponse<String> response = service.get(IMAGE + "&format=png");
		assertThat(response.statusCode()).isEqualTo(502);
		assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
		assertThat(RunningService.json(response).get("error").asString())
			.isEqualTo("AkashGen's image cannot be converted: the WEBP file is broken");
	}

	private static String header(HttpResponse<?> response, String name) {
		return response.headers().firstValue(name).orElse(null);
	}

}
