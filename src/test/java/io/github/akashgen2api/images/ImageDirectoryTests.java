package io.github.akashgen2api.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;

import io.github.akashgen2api.akash.AkashGenSamples;
import io.github.akashgen2api.akash.ImageWriter;
import io.github.akashgen2api.akash.JobId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ImageDirectory} on a volume that others fill.
 */
class ImageDirectoryTests {

	@TempDir
	Path path;

	private long missing;

	private ImageDirectory directory;

	@BeforeEach
	void store() throws IOException {
		this.directory = new ImageDirectory(this.path, 1_000_000, (_) -> {
		}) {

			@Override
			long missingOnVolume() {
				return ImageDirectoryTests.this.missing;
			}

		};
		this.directory.prepare();
		for (int i = 0; i < 5; i++) {
			store("job-number-" + i, i);
		}
	}

	@Test
	void sweepWhenTheVolumeHasRoomRemovesNothing() throws IOException {
		this.directory.sweep();
		for (int i = 0; i < 5; i++) {
			assertThat(isKept("job-number-" + i)).isTrue();
		}
	}

	@Test
	void sweepWhenTheVolumeIsShortRemovesAsMuchAsIsMissing() throws IOException {
		this.missing = 1500;
		this.directory.sweep();
		assertThat(isKept("job-number-0")).isFalse();
		assertThat(isKept("job-number-1")).isFalse();
		assertThat(isKept("job-number-2")).isTrue();
	}

	@Test
	void imageWhenTheVolumeIsShortTakesThePlaceOfAnOlderOne() throws IOException {
		this.missing = 500;
		store("job-number-9", 9);
		assertThat(isKept("job-number-0")).isFalse();
		assertThat(isKept("job-number-9")).isTrue();
	}

	@Test
	void makeRoomWhenTheVolumeIsFullRemovesImages() throws IOException {
		assertThat(this.directory.makeRoom(new IOException("No space left on device"))).isTrue();
		assertThat(isKept("job-number-0")).isFalse();
		assertThat(isKept("job-number-4")).as("somebody is about to look at it").isTrue();
	}

	@Test
	void makeRoomWhenSomethingElseIsWrongRemovesNothing() throws IOException {
		assertThat(this.directory.makeRoom(new IOException("Input/output error"))).isFalse();
		assertThat(isKept("job-number-0")).isTrue();
	}

	private boolean isKept(String id) throws IOException {
		return this.directory.find(ImageFileName.of(new JobId(id))).isPresent();
	}

	private void store(String id, int age) throws IOException {
		byte[] bytes = AkashGenSamples.imageOfLength(1000);
		try (ImageWriter image = this.directory.open()) {
			image.write(bytes, 0, bytes.length);
			image.commit(new JobId(id));
		}
		ImageFileName name = ImageFileName.of(new JobId(id));
		Path file = this.path.resolve(name.folder()).resolve(name.stem() + ".jpg");
		if (Files.exists(file)) {
			Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(20 - age))));
		}
	}

}
