package io.github.akashgen2api.akash;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

import io.github.akashgen2api.budget.ProcessorShare;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.BDDMockito;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.times;

/**
 * Tests for {@link AkashGenClient}.
 */
class AkashGenClientTests {

	private static final Instant START = Instant.parse("2026-11-27T12:00:00Z");

	private static final Duration TRY = Duration.ofMinutes(10);

	private final UpstreamClient upstream = BDDMockito.mock();

	private Instant now = START;

	private AkashGenClient client;

	@BeforeEach
	void createClient() {
		UpstreamClientFactory upstream = BDDMockito.mock();
		BDDMockito.given(upstream.client(any(), any(), any())).willReturn(this.upstream);
		SessionProvider sessions = BDDMockito.mock();
		BDDMockito.given(sessions.current()).willReturn(new Session(null, Duration.ofHours(1)));
		AvailabilityGuard availability = BDDMockito.mock();
		BDDMockito.given(availability.guard(any()))
			.willAnswer((call) -> call.<Supplier<UpstreamResponse>>getArgument(0).get());
		AkashGenProperties settings = new AkashGenProperties(BaseUrl.valueOf("https://akash.example"), null, null, null,
				"test", TRY, TRY, TRY, TRY, TRY);
		this.client = new AkashGenClient(upstream, sessions, availability, settings, new MemoryImageSink(),
				new ProcessorShare(), Recording.JSON, () -> this.now);
	}

	@Test
	void submitWhenAllowanceIsUsedUpTriesOnceInTenMinutes() {
		answers(limited(START.plus(Duration.ofHours(100))));
		refused();
		refused();
		submitted(1);
		this.now = this.now.plus(TRY).minusNanos(1);
		refused();
		submitted(1);
		this.now = this.now.plusNanos(1);
		refused();
		refused();
		submitted(2);
		this.now = this.now.plus(TRY);
		refused();
		submitted(3);
	}

	@Test
	void submitWhenAkashGenTakesATryEndsThePause() {
		answers(limited(START.plus(Duration.ofHours(4))));
		refused();
		answers(queued());
		refused();
		this.now = this.now.plus(TRY);
		assertThat(submit().id()).isEqualTo(new JobId("job-1"));
		assertThat(submit().id()).isEqualTo(new JobId("job-1"));
		submitted(3);
	}

	@Test
	void submitWhenATryMeetsTroubleLeavesThePause() {
		answers(limited(START.plus(Duration.ofHours(4))));
		refused();
		answers(answer(500, ""));
		this.now = this.now.plus(TRY);
		assertThatExceptionOfType(AkashGenException.Unavailable.class).isThrownBy(this::submit);
		refused();
		submitted(2);
	}

	@Test
	void submitWhenResetIsFarGoesOnAfterFiveHours() {
		answers(limited(START.plus(Duration.ofDays(1000))));
		assertThat(refused().until()).isEqualTo(START.plus(Duration.ofHours(5)));
		answers(queued());
		this.now = START.plus(Duration.ofHours(5));
		assertThat(submit().id()).isEqualTo(new JobId("job-1"));
	}

	private Job submit() {
		return this.client.submit(List.of(new Message(Message.Role.USER, "a fox")));
	}

	private AkashGenException.RateLimited refused() {
		return catchThrowableOfType(AkashGenException.RateLimited.class, this::submit);
	}

	private void answers(UpstreamResponse answer) {
		BDDMockito.given(this.upstream.exchange(any())).willReturn(answer);
	}

	private void submitted(int count) {
		BDDMockito.then(this.upstream).should(times(count)).exchange(any());
	}

	private static UpstreamResponse limited(Instant until) {
		return answer(429, "{\"error\":\"Rate limit exceeded\",\"resetTime\":\"" + until + "\"}");
	}

	private static UpstreamResponse queued() {
		return answer(200, "0:\"<image_generation> jobId='job-1' prompt='a fox' negative=''</image_generation>\"\n");
	}

	private static UpstreamResponse answer(int status, String body) {
		return new UpstreamResponse("image generation", status, new HttpHeaders(),
				body.getBytes(StandardCharsets.UTF_8), UpstreamResponse.End.PROPER, Recording.JSON);
	}

}
