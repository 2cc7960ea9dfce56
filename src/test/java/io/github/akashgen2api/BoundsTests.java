package io.github.akashgen2api;

import java.net.http.HttpResponse;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is refused at once, as more of it is asked for than the service bears, or than the
 * operator allows.
 */
class BoundsTests {

	@RegisterExtension
	static final AkashGenDouble akashGen = new AkashGenDouble();

	@Test
	void submitsBeyondTheBoundAreRefusedAtOnceAndThoseAfterwardsServed() {
		akashGen.chat(AkashGenDouble.queued("fox", "").withFixedDelay(1000), AkashGenDouble.queued("fox", ""));
		akashGen.session(AkashGenDouble.session("session-1").withFixedDelay(500));
		try (RunningService service = RunningService.against(akashGen, "SUBMITS_AT_ONCE=2")) {
			List<HttpResponse<String>> responses = RunningService.atOnce(10, () -> service.complete("fox"));
			assertThat(responses).filteredOn((response) -> response.statusCode() == 200).hasSize(2);
			assertThat(responses).filteredOn((response) -> response.statusCode() != 200)
				.hasSize(8)
				.allSatisfy((response) -> {
					assertThat(response.statusCode()).isEqualTo(503);
					assertThat(response.body()).isEqualTo("{\"error\":\"Too many pictures are being queued at once\"}");
					assertThat(response.headers().firstValueAsLong("Retry-After").orElseThrow()).isBetween(1L, 5L);
				});
			assertThat(akashGen.submits()).hasSize(2);
			assertThat(service.complete("fox").statusCode()).isEqualTo(200);
		}
	}

}
