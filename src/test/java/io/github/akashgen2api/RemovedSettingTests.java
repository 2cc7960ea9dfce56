package io.github.akashgen2api;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Settings that have no effect any longer.
 */
@ExtendWith(OutputCaptureExtension.class)
class RemovedSettingTests {

	@RegisterExtension
	static final AkashGenDouble akashGen = new AkashGenDouble();

	@ParameterizedTest
	@ValueSource(strings = { "IMAGE_CACHE_SIZE=8MB", "SUBMITS_AT_ONCE=many", "WAITING_AT_ONCE=1",
			"LOOKUPS_PER_SECOND=0", "POLL_BATCH_SIZE=1000" })
	void removedSettingCostsOneWarning(String setting, CapturedOutput output) {
		String name = setting.substring(0, setting.indexOf('='));
		try (RunningService service = RunningService.against(akashGen, setting)) {
			assertThat(service.get("/ping").statusCode()).isEqualTo(200);
		}
		assertThat(output.getAll().lines().filter((line) -> line.contains(name))).singleElement()
			.asString()
			.contains("WARN")
			.contains(name + " has no effect any longer, and may be removed");
	}

}
