package io.github.akashgen2api.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;

import io.github.akashgen2api.akash.AkashGenSamples;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.UncommittedImage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StoreSweeper}, which starts without knowing what is stored, on a
 * volume that other files fill.
 */
class StoreSweeperTests {

	@TempDir
	Path path;

	private long missing;

	private ImageDirectory directory;

	private StoreSweeper sweeper;

	@BeforeEach
	void store() throws IOException {
		this.directory = new ImageDirectory(this.path, 1_000_000, () -> this.missing, (_) -> {
		});
		this.sweeper = new StoreSweeper(this.directory, 1_000_000, () -> this.missing, (_) -> {
		});
		this.directory.prepare();
		for (int i = 0; i < 5; i++) {
			store("job-number-" + i, i);
		}
	}

	@Test
	void sweepWhenTheVolumeHasRoomRemovesNothing() throws IOException {
		this.sweeper.sweep();
		for (int i = 0; i < 5; i++) {
			assertThat(isStored("job-number-" + i)).isTrue();
		}
	}

	@Test
	void sweepWhenTheVolumeIsNearlyFullRemovesAsMuchAsIsMissing() throws IOException {
		this.missing = 1500;
		this.sweeper.sweep();
		assertThat(isStored("job-number-0")).isFalse();
		assertThat(isStored("job-number-1")).isFalse();
		assertThat(isStored("job-number-2")).isTrue();
	}

	@Test
	void addedWhenTheVolumeIsNearlyFullRemovesTheOldest() throws IOException {
		this.missing = 500;
		store("job-number-9", 9);
		assertThat(isStored("job-number-0")).isFalse();
		assertThat(isStored("job-number-9")).isTrue();
	}

	@Test
	void makeRoomWhenTheVolumeIsFullRemovesImages() throws IOException {
		assertThat(this.sweeper.makeRoom(new IOException("No space left on device"))).isTrue();
		assertThat(isStored("job-number-0")).isFalse();
		assertThat(isStored("job-number-4")).as("a client is about to fetch it").isTrue();
	}

	@Test
	void makeRoomWhenSomethingElseIsWrongRemovesNothing() throws IOException {
		assertThat(this.sweeper.makeRoom(new IOException("Input/output error"))).isFalse();
		assertThat(isStored("job-number-0")).isTrue();
	}

	private boolean isStored(String id) throws IOException {
		return this.directory.find(ImageFileName.of(new JobId(id))).isPresent();
	}

	private void store(String id, int age) throws IOException {
		byte[] bytes = AkashGenSamples.imageOfLength(1000);
		try (UncommittedImage image = this.directory.open((_, _) -> {
		})) {
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
