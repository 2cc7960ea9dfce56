package io.github.akashgen2api;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * OpenAI's Java SDK.
 */
class OpenAiJavaClientsTests {

	private final PackagedService service = PackagedService.shared();

	@Test
	void serviceRuns() {
		assertThat(PackagedService.fetch(this.service.origin() + "/ping").statusCode()).isEqualTo(200);
	}

}
