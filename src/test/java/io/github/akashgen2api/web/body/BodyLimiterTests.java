package io.github.akashgen2api.web.body;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.github.akashgen2api.budget.ProcessorShare;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.util.unit.DataSize;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link BodyLimiter}.
 */
@Timeout(60)
class BodyLimiterTests {

	private static final int MEGABYTE = 1024 * 1024;

	private static final DataSize LIMIT = DataSize.ofMegabytes(4);

	private static final Duration LONG = Duration.ofMinutes(1);

	private final BodyLimiter one = new BodyLimiter(LIMIT, 10, 1, Duration.ofMillis(50), LONG, new ProcessorShare());

	@Test
	void readAtTheLimitReadsAll() throws IOException {
		try (InputStream body = limited(this.one, zeros(4 * MEGABYTE), -1)) {
			assertThat(body.transferTo(OutputStream.nullOutputStream())).isEqualTo(4 * MEGABYTE);
		}
	}

	@Test
	void readBeyondTheLimitThrowsWhateverTheLengthSays() throws IOException {
		for (int length : new int[] { -1, 7 }) {
			try (InputStream body = limited(this.one, zeros(4 * MEGABYTE + 1), length)) {
				assertThatExceptionOfType(LargeRequestException.TooLarge.class)
					.isThrownBy(() -> body.transferTo(OutputStream.nullOutputStream()))
					.withMessage("The request body is larger than 4 MB");
			}
		}
	}

	@Test
	void readOfALargeBodyWaitsForAnother() throws IOException {
		BodyLimiter patient = new BodyLimiter(LIMIT, 10, 1, LONG, LONG, new ProcessorShare());
		InputStream first = limited(patient, zeros(2 * MEGABYTE), 2 * MEGABYTE);
		CompletableFuture<Integer> second = CompletableFuture.supplyAsync(() -> {
			try (InputStream body = limited(patient, zeros(2 * MEGABYTE), -1)) {
				return body.readAllBytes().length;
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		});
		assertThat(first.readAllBytes()).hasSize(2 * MEGABYTE);
		assertThat(second).isNotDone();
		first.close();
		Awaitility.await().untilAsserted(() -> assertThat(second).isCompletedWithValue(2 * MEGABYTE));
	}

	@Test
	void limitedThrowsAfterTheMaximumWait() throws IOException {
		try (InputStream _ = limited(this.one, zeros(2 * MEGABYTE), 2 * MEGABYTE);
				InputStream second = limited(this.one, zeros(2 * MEGABYTE), -1)) {
			assertThatExceptionOfType(LargeRequestException.TooMany.class)
				.isThrownBy(() -> limited(this.one, zeros(2 * MEGABYTE), 2 * MEGABYTE))
				.withMessage("Too many large requests at once");
			assertThatExceptionOfType(LargeRequestException.TooMany.class).isThrownBy(second::readAllBytes);
		}
	}

	@Test
	void bodyWithoutAPermitIsRefusedImmediately() throws IOException {
		BodyLimiter two = new BodyLimiter(LIMIT, 4, 1, Duration.ofMillis(50), LONG, new ProcessorShare());
		try (InputStream _ = limited(two, zeros(10), 10);
				InputStream _ = limited(two, zeros(2 * MEGABYTE), 2 * MEGABYTE)) {
			assertThatExceptionOfType(LargeRequestException.TooMany.class).isThrownBy(() -> limited(two, zeros(10), 10))
				.withMessage("Too many requests are being read at once");
		}
		try (InputStream _ = limited(two, zeros(2 * MEGABYTE), 2 * MEGABYTE)) {
			for (int i = 0; i < 5; i++) {
				assertThatExceptionOfType(LargeRequestException.TooMany.class)
					.isThrownBy(() -> limited(two, zeros(2 * MEGABYTE), 2 * MEGABYTE))
					.withMessage("Too many large requests at once");
			}
		}
	}

	@Test
	void oneKeyGetsHalfOfTheLargeBodies() throws IOException {
		BodyLimiter four = new BodyLimiter(LIMIT, 10, 4, Duration.ofMillis(50), LONG, new ProcessorShare());
		InputStream first = limited(four, "b");
		try (InputStream _ = limited(four, "a");
				InputStream _ = limited(four, "a");
				InputStream _ = limited(four, "b")) {
			assertThatExceptionOfType(LargeRequestException.TooMany.class).isThrownBy(() -> limited(four, "a"));
			assertThatExceptionOfType(LargeRequestException.TooMany.class).isThrownBy(() -> limited(four, "c"));
			first.close();
			limited(four, "c").close();
		}
	}

	@Test
	void oneKeyGetsHalfOfTheBodies() throws IOException {
		BodyLimiter four = new BodyLimiter(LIMIT, 4, 8, Duration.ofMillis(50), LONG, new ProcessorShare());
		InputStream first = limited(four, "b");
		try (InputStream _ = limited(four, "a");
				InputStream _ = limited(four, "a");
				InputStream _ = limited(four, "b")) {
			assertThatExceptionOfType(LargeRequestException.TooMany.class).isThrownBy(() -> limited(four, "a"))
				.withMessage("Too many requests are being read at once");
			assertThatExceptionOfType(LargeRequestException.TooMany.class).isThrownBy(() -> limited(four, "c"));
			first.close();
			limited(four, "c").close();
		}
	}

	private static InputStream limited(BodyLimiter bodies, String key) {
		return limited(bodies, key, zeros(2 * MEGABYTE), 2 * MEGABYTE);
	}

	private static InputStream limited(BodyLimiter bodies, InputStream body, long length) {
		return limited(bodies, "", body, length);
	}

	private static InputStream limited(BodyLimiter bodies, String key, InputStream body, long length) {
		MockHttpServletRequest request = new MockHttpServletRequest("POST", "/");
		request.setRemoteUser(key);
		bodies.preHandle(request, new MockHttpServletResponse(), bodies);
		RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(request));
		try {
			return bodies.limited(body, length);
		}
		finally {
			RequestContextHolder.resetRequestAttributes();
		}
	}

	@Test
	void permitOfAnUnreadBodyIsReleased() throws IOException {
		BodyLimiter two = new BodyLimiter(LIMIT, 2, 1, LONG, LONG, new ProcessorShare());
		for (int i = 0; i < 3; i++) {
			MockHttpServletRequest request = new MockHttpServletRequest("POST", "/");
			MockHttpServletResponse response = new MockHttpServletResponse();
			two.preHandle(request, response, two);
			assertThatExceptionOfType(LargeRequestException.TooMany.class)
				.isThrownBy(() -> two.preHandle(new MockHttpServletRequest("POST", "/"), response, two));
			two.afterCompletion(request, response, two, null);
		}
	}

	@Test
	void smallBodyDoesNotWait() throws IOException {
		try (InputStream _ = limited(this.one, zeros(2 * MEGABYTE), 2 * MEGABYTE);
				InputStream small = limited(this.one, zeros(MEGABYTE), MEGABYTE)) {
			assertThat(small.readAllBytes()).hasSize(MEGABYTE);
		}
	}

	@Test
	void closeReleasesThePermitsOnce() throws IOException {
		InputStream first = limited(this.one, zeros(2 * MEGABYTE), 2 * MEGABYTE);
		first.close();
		first.close();
		try (InputStream _ = limited(this.one, zeros(2 * MEGABYTE), 2 * MEGABYTE)) {
			assertThatExceptionOfType(LargeRequestException.TooMany.class)
				.isThrownBy(() -> limited(this.one, zeros(2 * MEGABYTE), 2 * MEGABYTE));
		}
	}

	@Test
	void readWhenTheClientIsTooSlowThrows() throws IOException {
		BodyLimiter impatient = new BodyLimiter(LIMIT, 10, 1, LONG, Duration.ZERO, new ProcessorShare());
		try (InputStream body = limited(impatient, zeros(2 * MEGABYTE), 2 * MEGABYTE)) {
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(body::readAllBytes);
		}
	}

	@Test
	void interruptWhileWaitingThrowsAndKeepsTheFlag() throws IOException {
		BodyLimiter patient = new BodyLimiter(LIMIT, 10, 1, LONG, LONG, new ProcessorShare());
		try (InputStream _ = limited(patient, zeros(2 * MEGABYTE), 2 * MEGABYTE)) {
			Thread.currentThread().interrupt();
			assertThatExceptionOfType(LargeRequestException.TooMany.class)
				.isThrownBy(() -> limited(patient, zeros(2 * MEGABYTE), 2 * MEGABYTE));
			assertThat(Thread.interrupted()).isTrue();
		}
	}

	private static InputStream zeros(int length) {
		return new ByteArrayInputStream(new byte[length]);
	}

}
