package io.github.akashgen2api;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for images that are stored for longer than the process runs.
 */
@ExtendWith(OutputCaptureExtension.class)
class ImageStoreTests {

	private static final String IMAGE = "/images?id=" + AkashGenDouble.JOB;

	@RegisterExtension
	static final AkashGenDouble akashGen = new AkashGenDouble();

	@TempDir
	Path directory;

	@Test
	void imageIsServedAfterARestartWithoutARequestToAkashGen() {
		try (RunningService service = start(this.directory)) {
			assertThat(service.complete("fox").statusCode()).isEqualTo(200);
		}
		akashGen.reset();
		akashGen.status(AkashGenDouble.json(404, "{\"error\":\"Middleware error: 404\"}"));
		try (RunningService service = start(this.directory)) {
			HttpResponse<byte[]> response = service.bytes("GET", IMAGE);
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.headers().firstValue("Content-Type")).hasValue("image/webp");
			assertThat(response.body()).isEqualTo(AkashGenDouble.PICTURE);
			assertThat(AkashGenDouble.mediaType(service.bytes("GET", IMAGE + "&format=png").body()))
				.isEqualTo("image/png");
		}
		assertThat(akashGen.requests()).isZero();
	}

	@Test
	void imageIsDownloadedOnce() {
		try (RunningService service = start(this.directory)) {
			service.bytes("GET", IMAGE);
			assertThat(service.bytes("GET", IMAGE).body()).isEqualTo(AkashGenDouble.PICTURE);
		}
		assertThat(akashGen.downloads()).isEqualTo(1);
	}

	@Test
	void directoryThatIsNotWritableIsLoggedOnceAndImagesAreServed(CapturedOutput output) throws IOException {
		Path file = Files.createFile(this.directory.resolve("file"));
		try (RunningService service = start(file.resolve("images"))) {
			assertThat(service.complete("fox").statusCode()).isEqualTo(200);
			assertThat(service.bytes("GET", IMAGE).body()).isEqualTo(AkashGenDouble.PICTURE);
			assertThat(akashGen.downloads()).isEqualTo(1);
		}
		assertThat(output.getAll().lines().filter((line) -> line.contains("WARN") && !line.contains("API_KEY")))
			.singleElement()
			.asString()
			.contains("Cannot write images to " + file + "/images.");
	}

	private static RunningService start(Path directory, String... settings) {
		String[] all = new String[settings.length + 2];
		System.arraycopy(settings, 0, all, 2, settings.length);
		all[0] = "IMAGE_STORE_DIR=" + directory;
		all[1] = "IMAGE_STORE_SIZE=1GB";
		return RunningService.against(akashGen, all);
	}

}
