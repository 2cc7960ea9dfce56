package io.github.akashgen2api;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where data is kept. {@code JOB_STORE_DIR} and {@code IMAGE_STORE_DIR} are the settings
 * of earlier versions.
 */
class DataDirectoryTests {

	private static final String STORED = "IMAGE_STORE_SIZE=1GB";

	@RegisterExtension
	static final AkashGenDouble akashGen = new AkashGenDouble();

	@TempDir
	private Path directory;

	@Test
	void allDataOfEarlierSettingsIsFound() throws IOException {
		Path data = this.directory.resolve("data");
		complete("JOB_STORE_DIR=" + data.resolve("jobs"), "IMAGE_STORE_DIR=" + data.resolve("images"), STORED);
		byte[] secret = Files.readAllBytes(data.resolve("jobs/fingerprint.key"));
		List<Path> files = files(data);
		int requests = akashGen.requests();
		try (RunningService service = RunningService.against(akashGen, "DATA_DIR=" + data, STORED)) {
			HttpResponse<byte[]> image = service.bytes("GET", "/images?id=" + AkashGenDouble.JOB);
			assertThat(image.statusCode()).isEqualTo(200);
			assertThat(image.body()).isEqualTo(AkashGenDouble.PICTURE);
		}
		assertThat(akashGen.requests()).isEqualTo(requests);
		assertThat(files(data)).isEqualTo(files);
		assertThat(data.resolve("jobs/fingerprint.key")).hasBinaryContent(secret);
	}

	@ParameterizedTest
	@ValueSource(strings = { "JOB_STORE_DIR", "IMAGE_STORE_DIR" })
	void earlierSettingWinsForItsPart(String setting) throws IOException {
		Path data = this.directory.resolve("data");
		Path other = this.directory.resolve("other");
		complete("DATA_DIR=" + data, setting + "=" + other, STORED);
		assertThat(Files.exists(data.resolve("jobs/fingerprint.key"))).isEqualTo(setting.startsWith("IMAGE"));
		assertThat(Files.exists(other.resolve("fingerprint.key"))).isEqualTo(setting.startsWith("JOB"));
		assertThat(holdsImage(other)).isEqualTo(setting.startsWith("IMAGE"));
		assertThat(holdsImage(data)).isEqualTo(setting.startsWith("JOB"));
	}

	private static void complete(String... settings) {
		try (RunningService service = RunningService.against(akashGen, settings)) {
			assertThat(service.complete("fox").statusCode()).isEqualTo(200);
		}
	}

	private static boolean holdsImage(Path directory) throws IOException {
		return files(directory).stream().anyMatch((file) -> file.endsWith(AkashGenDouble.JOB + ".webp"));
	}

	private static List<Path> files(Path directory) throws IOException {
		try (Stream<Path> files = Files.walk(directory)) {
			return files.filter(Files::isRegularFile).sorted().toList();
		}
	}

}
