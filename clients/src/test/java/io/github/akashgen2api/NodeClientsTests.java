package io.github.akashgen2api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What users of npm's clients see, and what the Markdown parsers of chat apps make of a
 * picture: Node's own tests, in {@code clients/node}.
 */
class NodeClientsTests {

	private static final Path TESTS = Path.of("..", "node");

	@Test
	void allThatNodeTestsSucceeds() throws IOException, InterruptedException {
		run(Map.of(), "npm", "ci");
		run(Map.of("SERVICE_ORIGIN", PackagedService.shared().origin(), "USED_UP_ORIGIN",
				PackagedService.usedUp().origin(), "API_KEY", "k"), "npm", "test");
	}

	private static void run(Map<String, String> environment, String... command)
			throws IOException, InterruptedException {
		ProcessBuilder builder = new ProcessBuilder(command).directory(TESTS.toFile()).redirectErrorStream(true);
		builder.environment().putAll(environment);
		Process process = builder.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor()).as("%s: %s", String.join(" ", command), output).isZero();
	}

}
