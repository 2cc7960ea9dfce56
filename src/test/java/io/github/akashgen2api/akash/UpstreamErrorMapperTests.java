package io.github.akashgen2api.akash;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link UpstreamErrorMapper}.
 */
class UpstreamErrorMapperTests {

	private static final Instant NOW = Instant.parse("2026-11-23T05:27:12.903456789Z");

	@ParameterizedTest
	@CsvSource({ "may-2026/b16-llm500, AkashGen's language model failed",
			"may-2026/b19-generr, AkashGen has no available workers",
			"may-2026/b13-model-lowercase, AkashGen does not offer its image model now",
			"may-2026/e1-llm-down-model-list-empty, AkashGen does not offer its image model now",
			"july-2025/4d-llm500, AkashGen's language model failed",
			"july-2025/4g-small500, AkashGen could not generate the image" })
	void jobWhenRecordedFailureIsToldByName(String recording, String message) {
		assertThat(failure(Recording.named(recording).answer())).isInstanceOf(AkashGenException.Unavailable.class)
			.hasMessage(message);
	}

	@ParameterizedTest
	@CsvSource({ "Failed after 3 attempts. Last error: Rate limit reached for fake model, AkashGen is busy",
			"Failed after 3 attempts. Last error: 429 Too Many Requests, AkashGen is busy",
			"Failed after 3 attempts. Last error: Overloaded, AkashGen is busy",
			"Error executing tool generateImage: No available workers, AkashGen has no available workers",
			"Failed after 3 attempts. Last error: Internal fake LLM error, AkashGen's language model failed",
			"Invalid arguments for tool generateImage: …, AkashGen could not generate the image" })
	void jobWhenImageCannotBeGeneratedSaysWhy(String text, String message) {
		String body = "{\"error\":\"Error generating image\",\"message\":\"" + text + "\"}";
		AkashGenException failure = failure(answer(500, body));
		assertThat(failure).isInstanceOf(AkashGenException.Unavailable.class).hasMessage(message);
		assertThat(failure.upstreamMessage()).isEqualTo(text);
	}

	@ParameterizedTest
	@CsvSource({ "july-2025/6g-image-404, AkashGen no longer has the image",
			"july-2025/6n-image-upstream-500, AkashGen could not fetch the image from its image service" })
	void unexpectedWhenImageCannotBeFetchedSaysWhy(String recording, String message) {
		assertThat(UpstreamErrorMapper.unexpected(Recording.named(recording).answer())).hasMessage(message);
	}

	@ParameterizedTest
	@CsvSource({ "2026-11-23T06:00:00.000000001Z, 2026-11-23T06:00:01Z", "2026-11-23T06:00:00Z, 2026-11-23T06:00:00Z",
			"2020-01-01T00:00:00.123456789Z, 2026-11-23T05:27:13Z", "2026-11-23T05:27:12.903Z, 2026-11-23T05:27:13Z",
			"2026-11-23T10:27:12.5Z, 2026-11-23T10:27:13Z", "2026-11-24T05:27:12Z, 2026-11-23T10:27:13Z",
			"2099-01-01T00:00:00Z, 2026-11-23T10:27:13Z", "no time, 2026-11-23T05:28:13Z" })
	void jobWhenAllowanceIsUsedUpTellsAWholeSecondWithinFiveHours(String resetTime, Instant until) {
		AkashGenException.RateLimited limited = (AkashGenException.RateLimited) failure(
				answer(429, "{\"error\":\"Rate limit exceeded\",\"resetTime\":\"" + resetTime + "\"}"));
		assertThat(limited.until()).isEqualTo(until).isAfter(NOW);
		assertThat(limited).hasMessage("AkashGen's allowance is used up until " + until);
	}

	@Test
	void jobWhenRecordedAllowanceIsUsedUpTellsATimeWithinFiveHours() {
		AkashGenException.RateLimited limited = (AkashGenException.RateLimited) failure(
				Recording.named("may-2026/d1-chat-429").answer());
		assertThat(limited.until()).isAfter(NOW).isBeforeOrEqualTo(NOW.plus(Duration.ofHours(5)).plusSeconds(1));
	}

	private static AkashGenException failure(UpstreamResponse answer) {
		return catchThrowableOfType(AkashGenException.class,
				() -> UpstreamErrorMapper.job(answer, Recording.JSON, NOW));
	}

	private static UpstreamResponse answer(int status, String body) {
		return new UpstreamResponse("image generation", status, new HttpHeaders(),
				body.getBytes(StandardCharsets.UTF_8), UpstreamResponse.End.PROPER, Recording.JSON);
	}

}
