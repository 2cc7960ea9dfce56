package io.github.akashgen2api.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Reads a {@code .env} file in the working directory, for those who do not start the
 * service by way of Docker Compose. The environment itself wins. A variable that is set
 * to nothing, as Compose hands on {@code PORT=}, counts as not set in both.
 */
class EnvironmentFile implements EnvironmentPostProcessor, Ordered {

	private static final Pattern VARIABLE = Pattern.compile("(?:export\\s+)?([A-Za-z_]\\w*)\\s*=\\s*(.*)");

	private static final Pattern QUOTED = Pattern.compile("(['\"])(.*?)\\1(?:\\s+#.*)?");

	private static final Pattern COMMENT = Pattern.compile("(?:^|\\s+)#.*");

	private final Path directory;

	EnvironmentFile() {
		this(Path.of("."));
	}

	EnvironmentFile(Path directory) {
		this.directory = directory;
	}

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		MutablePropertySources sources = environment.getPropertySources();
		String system = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
		sources.replace(system, new SystemEnvironmentPropertySource(system, set(environment.getSystemEnvironment())));
		sources.addAfter(system, new MapPropertySource(".env", set(file())));
	}

	private Map<String, Object> file() {
		Path file = this.directory.resolve(".env");
		if (!Files.exists(file)) {
			return Map.of();
		}
		try {
			return variables(Files.readAllLines(file));
		}
		catch (IOException ex) {
			throw new WrongSettingException(".env", "cannot be read: " + ex.getMessage());
		}
	}

	private static Map<String, Object> variables(List<String> lines) {
		Map<String, Object> variables = new HashMap<>();
		for (int i = 0; i < lines.size(); i++) {
			String line = lines.get(i).replace("\uFEFF", "").strip();
			if (line.isEmpty() || line.startsWith("#")) {
				continue;
			}
			Matcher variable = VARIABLE.matcher(line);
			if (!variable.matches()) {
				// Not the line itself, which may hold a secret.
				throw new WrongSettingException(".env", "is not of the form NAME=value in line " + (i + 1));
			}
			variables.put(variable.group(1), value(variable.group(2)));
		}
		return variables;
	}

	private static String value(String text) {
		Matcher quoted = QUOTED.matcher(text);
		return quoted.matches() ? quoted.group(2) : COMMENT.matcher(text).replaceFirst("");
	}

	private static Map<String, Object> set(Map<String, Object> variables) {
		Map<String, Object> set = new HashMap<>(variables);
		set.values().removeIf((value) -> value.toString().isBlank());
		return set;
	}

	@Override
	public int getOrder() {
		return ConfigDataEnvironmentPostProcessor.ORDER - 1;
	}

}
