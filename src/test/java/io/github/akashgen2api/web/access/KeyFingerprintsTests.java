package io.github.akashgen2api.web.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link KeyFingerprints}.
 */
@ExtendWith(OutputCaptureExtension.class)
class KeyFingerprintsTests {

	@TempDir
	private Path directory;

	@Test
	void fingerprintIsTheSameAfterARestart() {
		String fingerprint = KeyFingerprints.of(file()).of("demo");
		assertThat(fingerprint).matches("[0-9a-f]{12}");
		assertThat(KeyFingerprints.of(file()).of("demo")).isEqualTo(fingerprint);
		assertThat(KeyFingerprints.of(file()).of("demo2")).isNotEqualTo(fingerprint);
	}

	@Test
	void fingerprintDependsOnTheInstallation() {
		assertThat(KeyFingerprints.of(file()).of("demo"))
			.isNotEqualTo(KeyFingerprints.of(this.directory.resolve("other")).of("demo"))
			.isNotEqualTo(KeyFingerprints.former("demo"));
	}

	@Test
	void secretIs32BytesReadableOnlyByItsOwner() throws IOException {
		KeyFingerprints.of(file());
		assertThat(Files.readAllBytes(file())).hasSize(32);
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file()))).isEqualTo("rw-------");
		assertThat(file().getParent()).isDirectoryNotContaining("glob:**.new");
	}

	@Test
	void secretWhenItCannotBeStoredIsLoggedOnce(CapturedOutput output) throws IOException {
		Files.writeString(this.directory.resolve("data"), "no directory");
		assertThat(KeyFingerprints.of(file()).of("demo")).isNotEqualTo(KeyFingerprints.of(file()).of("demo"));
		assertThat(output.getAll().lines().filter((line) -> line.contains("Cannot use the secret in"))).hasSize(2);
	}

	@Test
	void secretOfAnotherLengthIsNotReplaced(CapturedOutput output) throws IOException {
		Files.createDirectories(file().getParent());
		Files.writeString(file(), "short");
		KeyFingerprints.of(file());
		assertThat(file()).hasContent("short");
		assertThat(output).contains("must contain 32 bytes");
	}

	@Test
	void formerFingerprintIsTheSha256() {
		assertThat(KeyFingerprints.former("k")).isEqualTo("8254c329a928");
	}

	private Path file() {
		return this.directory.resolve("data").resolve("fingerprint.key");
	}

}
