package io.github.akashgen2api;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

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

	@Test
	void removedSettingCostsOneWarning(CapturedOutput output) {
		try (RunningService service = RunningService.against(akashGen, "IMAGE_CACHE_SIZE=8MB")) {
			assertThat(service.get("/ping").statusCode()).isEqualTo(200);
		}
		assertThat(output.getAll().lines().filter((line) -> line.contains("IMAGE_CACHE_SIZE"))).singleElement()
			.asString()
			.contains("WARN")
			.contains("IMAGE_CACHE_SIZE has no effect any longer, and may be removed");
	}

}
