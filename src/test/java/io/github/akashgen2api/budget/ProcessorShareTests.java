package io.github.akashgen2api.budget;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ProcessorShare}.
 */
@Timeout(60)
class ProcessorShareTests {

	private static final int FREE = 64 * 1024;

	private final ProcessorShare share = new ProcessorShare(1);

	@Test
	void readWaitsForAPermit() throws Exception {
		Thread other;
		try (InputStream text = text(FREE + 1)) {
			takeFrom(text);
			other = Thread.startVirtualThread(() -> readAll(text(FREE + 1)));
			Awaitility.await().until(() -> other.getState() == Thread.State.WAITING);
		}
		other.join();
	}

	@Test
	void readThatWaitsForBytesReleasesItsPermit() throws Exception {
		PipedOutputStream client = new PipedOutputStream();
		InputStream slow = this.share.inTurn(new PipedInputStream(client, FREE + 1));
		client.write(new byte[FREE + 1]);
		Thread other = Thread.startVirtualThread(() -> readAll(slow));
		Awaitility.await().until(() -> other.getState() == Thread.State.TIMED_WAITING);
		assertThat(text(10 * FREE).readAllBytes()).hasSize(10 * FREE);
		client.close();
		other.join();
	}

	@Test
	void smallBodyDoesNotWait() throws IOException {
		try (InputStream large = text(FREE + 1); InputStream small = text(FREE)) {
			takeFrom(large);
			assertThat(small.readAllBytes()).hasSize(FREE);
		}
	}

	@Test
	void readAtTheEndReleasesThePermit() throws IOException {
		assertThat(text(2 * FREE).readAllBytes()).hasSize(2 * FREE);
		assertThat(text(2 * FREE).readAllBytes()).hasSize(2 * FREE);
	}

	/** Unlike this, {@code readNBytes} reads once more. */
	private static void takeFrom(InputStream text) throws IOException {
		byte[] bytes = new byte[FREE + 1];
		for (int read = 0; read < bytes.length;) {
			read += text.read(bytes, read, bytes.length - read);
		}
	}

	private InputStream text(int length) {
		return this.share.inTurn(new ByteArrayInputStream(new byte[length]));
	}

	private static void readAll(InputStream text) {
		try (text) {
			text.readAllBytes();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
