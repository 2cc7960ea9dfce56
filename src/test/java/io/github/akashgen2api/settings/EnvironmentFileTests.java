package io.github.akashgen2api.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.support.SpringFactoriesLoader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link EnvironmentFile}.
 */
class EnvironmentFileTests {

	@TempDir
	private Path directory;

	@Test
	void variablesAreReadFromTheFile() throws IOException {
		write("""
				# Where it listens
				PORT=8080

				API_KEY = "sk one"
				SESSION_TOKEN=a=b
				""");
		StandardEnvironment environment = environment(Map.of());
		assertThat(environment.getProperty("PORT")).isEqualTo("8080");
		assertThat(environment.getProperty("API_KEY")).isEqualTo("sk one");
		assertThat(environment.getProperty("SESSION_TOKEN")).isEqualTo("a=b");
	}

	@Test
	void variablesWithWindowsLineEndsAreRead() throws IOException {
		write("PORT=8080\r\nAPI_PREFIX=/akash\r\n");
		StandardEnvironment environment = environment(Map.of());
		assertThat(environment.getProperty("PORT")).isEqualTo("8080");
		assertThat(environment.getProperty("API_PREFIX")).isEqualTo("/akash");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			'single'              | single
			"double"              | double
			"a # b" # comment     | a # b
			'a' # it's            | a
			a#b                   | a#b
			a #b                  | a
			a b                   | a b
			a'b                   | a'b
			it's "q"              | it's "q"
			"open                 | "open
			$X\\n                  | $X\\n
			"#"                   | #
			""")
	void valueIsReadAsDockerComposeDoes(String written, String value) throws IOException {
		write("\uFEFFexport KEY=" + written);
		assertThat(environment(Map.of()).getProperty("KEY")).isEqualTo(value);
	}

	@Test
	void fileWhenMissingIsNoTrouble() {
		assertThat(environment(Map.of("PORT", "9090")).getProperty("PORT")).isEqualTo("9090");
	}

	@Test
	void environmentWinsOverTheFile() throws IOException {
		write("PORT=8080\nAPI_PREFIX=/akash");
		StandardEnvironment environment = environment(Map.of("PORT", "9090"));
		assertThat(environment.getProperty("PORT")).isEqualTo("9090");
		assertThat(environment.getProperty("API_PREFIX")).isEqualTo("/akash");
	}

	@Test
	void variableThatIsSetToNothingInTheEnvironmentCountsAsNotSet() throws IOException {
		write("PORT=8080");
		StandardEnvironment environment = environment(Map.of("PORT", "", "API_PREFIX", " "));
		assertThat(environment.getProperty("PORT")).isEqualTo("8080");
		assertThat(environment.containsProperty("API_PREFIX")).isFalse();
		assertThat(environment.resolvePlaceholders("${API_PREFIX:/}")).isEqualTo("/");
	}

	@Test
	void variableThatIsSetToNothingInTheFileCountsAsNotSet() throws IOException {
		write("PORT=\nAPI_PREFIX=\"\"\nAPI_KEY= ");
		StandardEnvironment environment = environment(Map.of());
		assertThat(environment.containsProperty("PORT")).isFalse();
		assertThat(environment.containsProperty("API_PREFIX")).isFalse();
		assertThat(environment.resolvePlaceholders("${PORT:3000}")).isEqualTo("3000");
	}

	@Test
	void environmentKeepsItsOtherSpellings() throws IOException {
		write("PORT=8080");
		assertThat(environment(Map.of("SERVER_ADDRESS", "127.0.0.1")).getProperty("server.address"))
			.isEqualTo("127.0.0.1");
	}

	@Test
	void commandLineWinsOverAll() throws IOException {
		write("PORT=8080");
		StandardEnvironment environment = new GivenEnvironment(Map.of("PORT", "9090"));
		environment.getPropertySources().addFirst(new MapPropertySource("commandLineArgs", Map.of("PORT", "7070")));
		read(environment);
		assertThat(environment.getProperty("PORT")).isEqualTo("7070");
	}

	@Test
	void fileWinsOverWhatComesLater() throws IOException {
		write("PORT=8080");
		StandardEnvironment environment = new GivenEnvironment(Map.of());
		environment.getPropertySources().addLast(new MapPropertySource("later", Map.of("PORT", "7070")));
		read(environment);
		assertThat(environment.getProperty("PORT")).isEqualTo("8080");
	}

	@ParameterizedTest
	@ValueSource(strings = { "API_KEY sk-secret", "sk-secret", "API_KEY: sk-secret" })
	void lineThatSetsNothingIsReportedWithoutItsSecret(String line) throws IOException {
		write("PORT=8080\n" + line + "\n");
		StandardEnvironment environment = new GivenEnvironment(Map.of());
		assertThatExceptionOfType(WrongSettingException.class).isThrownBy(() -> read(environment))
			.withMessage(".env is not of the form NAME=value in line 2")
			.withNoCause();
	}

	@Test
	void directoryInPlaceOfTheFileIsReported() throws IOException {
		Files.createDirectory(this.directory.resolve(".env"));
		StandardEnvironment environment = new GivenEnvironment(Map.of());
		assertThatExceptionOfType(WrongSettingException.class).isThrownBy(() -> read(environment))
			.withMessage(".env cannot be read: Is a directory");
	}

	@Test
	void fileIsReadBeforeApplicationYaml() {
		assertThat(new EnvironmentFile().getOrder()).isLessThan(ConfigDataEnvironmentPostProcessor.ORDER);
	}

	@Test
	void springBootFindsTheReaderOfTheFile() {
		assertThat(SpringFactoriesLoader.forDefaultResourceLocation()
			.load(EnvironmentPostProcessor.class, SpringFactoriesLoader.FailureHandler.handleMessage((_, _) -> {
			}))).hasAtLeastOneElementOfType(EnvironmentFile.class);
	}

	private void write(String variables) throws IOException {
		Files.writeString(this.directory.resolve(".env"), variables);
	}

	private StandardEnvironment environment(Map<String, Object> variables) {
		StandardEnvironment environment = new GivenEnvironment(variables);
		read(environment);
		return environment;
	}

	private void read(StandardEnvironment environment) {
		new EnvironmentFile(this.directory).postProcessEnvironment(environment, new SpringApplication());
	}

	/** An environment of these variables and no others. */
	private static final class GivenEnvironment extends StandardEnvironment {

		private final Map<String, Object> variables;

		GivenEnvironment(Map<String, Object> variables) {
			this.variables = variables;
		}

		@Override
		public Map<String, Object> getSystemEnvironment() {
			return (this.variables != null) ? this.variables : Map.of();
		}

	}

}
