package io.github.akashgen2api.settings;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link EnvironmentVariables}.
 */
class EnvironmentVariablesTests {

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

	@ParameterizedTest
	@ValueSource(strings = { "SERVER_PORT", "server_port", "server.port", "SERVER_PREFIX", "SERVER_LOG_FORMAT",
			"SERVER_LOGFORMATS_JSON", "SERVER_SERVLET_CONTEXT_PATH", "SERVER_SERVLET_CONTEXTPATH", "OPENAI_MODELS",
			"OPENAI_MODELS_0", "AKASH_BASEURL", "AKASH_SESSION_TOKEN", "AKASH_PORT_80_TCP_ADDR", "akash.base-url",
			"POLLING_INTERVAL", "POLLING_MAX_ATTEMPTS", "POLLING_MAXATTEMPTS", "IMAGES_STORE_DIR", "IMAGES_PORT",
			"IMAGES_CACHESIZE", "JOBS_STORE_DIR", "GENERATION_LOG_PROMPTS", "ACCESS_API_KEYS", "ACCESS_APIKEYS_0",
			"LOGGING_STRUCTURED_FORMAT_CONSOLE" })
	void variableThatIsNotDocumentedSetsNoPropertyOfOurs(String name) throws IOException {
		assertThat(bound(environment(Map.of(name, "x")))).isEmpty();
		write(name.matches("\\w+") ? name + "=x" : "");
		assertThat(bound(environment(Map.of()))).isEmpty();
	}

	private static Map<String, Object> bound(StandardEnvironment environment) {
		ConfigurationPropertySources.attach(environment);
		Map<String, Object> bound = new HashMap<>();
		for (String prefix : List.of("server", "access", "akash", "generation", "images", "jobs", "openai", "polling",
				"logging")) {
			Binder.get(environment)
				.bind(prefix, Bindable.mapOf(String.class, Object.class))
				.ifBound((properties) -> bound.put(prefix, properties));
		}
		return bound;
	}

	@Test
	void variableThatIsDocumentedIsFoundByItsPlaceholder() throws IOException {
		write("AKASH_COOKIE=a=b");
		StandardEnvironment environment = environment(Map.of("AKASH_BASE_URL", "https://akash.example"));
		assertThat(environment.resolvePlaceholders("${AKASH_BASE_URL:-} ${AKASH_COOKIE:-}"))
			.isEqualTo("https://akash.example a=b");
	}

	@Test
	void variablesOfSpringBootAreReadFromBoth() throws IOException {
		write("LOGGING_LEVEL_WEB=debug\nDEBUG=*");
		StandardEnvironment environment = environment(
				Map.of("LOGGING_LEVEL_ROOT", "trace", "SPRING_MAIN_BANNER_MODE", "off"));
		assertThat(bound(environment)).containsEntry("logging",
				Map.of("level", Map.of("web", "debug", "root", "trace")));
		assertThat(environment.getProperty("debug")).isEqualTo("*");
		assertThat(environment.getProperty("spring.main.banner-mode")).isEqualTo("off");
	}

	/** Else a variable could set a property beside the documented one. */
	@Test
	void prefixesOfAllOurPropertiesAreKnown() {
		ClassPathScanningCandidateComponentProvider scanner = new ClassPathScanningCandidateComponentProvider(false);
		scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
		assertThat(scanner.findCandidateComponents("io.github.akashgen2api")).isNotEmpty()
			.map((bean) -> MergedAnnotations
				.from(ClassUtils.resolveClassName(String.valueOf(bean.getBeanClassName()), null))
				.get(ConfigurationProperties.class)
				.getString("value"))
			.filteredOn((prefix) -> !prefix.equals("server"))
			.allMatch((prefix) -> EnvironmentVariables.isOwnProperty(prefix + ".x"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			"demo"           | demo
			'demo'           | demo
			' a "b" '        | ` a "b" `
			"demo" # comment | demo
			"demo            | "demo
			d"e"mo           | d"e"mo
			""")
	void valueInTheEnvironmentIsReadWithoutItsQuotes(String written, String value) {
		assertThat(environment(Map.of("API_KEY", written + "\n")).getProperty("API_KEY")).isEqualTo(value);
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"\"", "''", "\" \"" })
	void variableThatIsSetToQuotesAroundNothingCountsAsNotSet(String value) {
		assertThat(environment(Map.of("PORT", value)).containsProperty("PORT")).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "export PORT=80", "set PORT=80", "SET PORT=80", "declare -x PORT=\"80\"",
			"$env:PORT = \"80\"", "$Env:PORT='80'", "PORT=80  ", "\tPORT = 80\t" })
	void variableIsReadAsShellsWriteIt(String line) throws IOException {
		write(line);
		assertThat(environment(Map.of()).getProperty("PORT")).isEqualTo("80");
	}

	@ParameterizedTest
	@ValueSource(strings = { "UTF-8", "UTF-16LE", "UTF-16BE" })
	void fileWithAByteOrderMarkIsRead(String charset) throws IOException {
		Files.write(this.directory.resolve(".env"),
				"\uFEFFPORT=8080\r\nMODELS=狐狸\r\n".getBytes(Charset.forName(charset)));
		StandardEnvironment environment = environment(Map.of());
		assertThat(environment.getProperty("PORT")).isEqualTo("8080");
		assertThat(environment.getProperty("MODELS")).isEqualTo("狐狸");
	}

	@ParameterizedTest
	@ValueSource(strings = { "ISO-8859-1", "GBK", "windows-1252" })
	void commentInAnotherEncodingIsNoTrouble(String charset) throws IOException {
		Files.write(this.directory.resolve(".env"),
				"# Schl\u00fcssel\nAPI_KEY=demo # \u00fc\n".getBytes(Charset.forName(charset)));
		assertThat(environment(Map.of()).getProperty("API_KEY")).isEqualTo("demo");
	}

	@Test
	void valueInAnotherEncodingIsReported() throws IOException {
		Files.write(this.directory.resolve(".env"), "PORT=80\nAPI_KEY=d\u00e9mo".getBytes(StandardCharsets.ISO_8859_1));
		assertRefused(".env is not UTF-8 in line 2: save it as UTF-8");
	}

	@Test
	void nulBytesAreReported() throws IOException {
		Files.write(this.directory.resolve(".env"), "API_KEY=demo".getBytes(StandardCharsets.UTF_16LE));
		assertRefused(".env holds NUL bytes: save it as UTF-8");
	}

	@Test
	void largeFileIsReported() throws IOException {
		write("#".repeat(1024 * 1024 + 1));
		assertRefused(".env is larger than 1 MB");
	}

	private void assertRefused(String message) {
		StandardEnvironment environment = new GivenEnvironment(Map.of());
		assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(() -> read(environment))
			.withMessage(message);
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
		assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(() -> read(environment))
			.withMessage(".env is not of the form NAME=value in line 2")
			.withNoCause();
	}

	@Test
	void directoryInPlaceOfTheFileIsReported() throws IOException {
		Files.createDirectory(this.directory.resolve(".env"));
		StandardEnvironment environment = new GivenEnvironment(Map.of());
		assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(() -> read(environment))
			.withMessage(".env is a directory, but must be a file");
	}

	@Test
	void fileIsReadBeforeApplicationYaml() {
		assertThat(new EnvironmentVariables().getOrder()).isLessThan(ConfigDataEnvironmentPostProcessor.ORDER);
	}

	@Test
	void springBootFindsTheReaderOfTheFile() {
		assertThat(SpringFactoriesLoader.forDefaultResourceLocation()
			.load(EnvironmentPostProcessor.class, SpringFactoriesLoader.FailureHandler.handleMessage((_, _) -> {
			}))).hasAtLeastOneElementOfType(EnvironmentVariables.class);
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
		new EnvironmentVariables(this.directory).postProcessEnvironment(environment, new SpringApplication());
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
