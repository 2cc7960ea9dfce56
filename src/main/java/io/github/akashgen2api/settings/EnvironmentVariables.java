package io.github.akashgen2api.settings;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Adds the variables of a {@code .env} file in the working directory to the environment,
 * which wins. In both, a pair of quotes around a value is removed, and a blank variable,
 * such as the {@code PORT=} that Compose passes on, counts as not set.
 * <p>
 * Only documented variables set the service's own properties, by the placeholders of
 * {@code application.yaml}. Spring Boot would also read {@code server.port} from
 * {@code SERVER_PORT}, which Kubernetes sets for a service named {@code server}.
 */
class EnvironmentVariables implements EnvironmentPostProcessor, Ordered {

	private static final Pattern OWN_PROPERTY = Pattern.compile(
			"(?i)(?:(?:access|akash|bodies|budget|connections|generation|images|jobs|openai|polling|shutdown)(?:\\W|_).*"
					+ "|server[._](?:port|prefix|log.*|servlet[._]context[-_]?path)|logging[._]structured[._]format[._]console)");

	private static final Pattern PLAIN_NAME = Pattern.compile("\\w+");

	private final Path directory;

	EnvironmentVariables() {
		this(Path.of("."));
	}

	EnvironmentVariables(Path directory) {
		this.directory = directory;
	}

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		Map<String, Object> variables = new HashMap<>(DotEnvParser.read(this.directory.resolve(".env")));
		environment.getSystemEnvironment().forEach((name, value) -> {
			String text = DotEnvParser.unquoted(value.toString().strip());
			if (!text.isBlank()) {
				variables.put(name, text);
			}
		});
		Map<String, Object> forPlaceholders = new HashMap<>(variables);
		forPlaceholders.keySet().removeIf((name) -> !isOwnProperty(name) || !PLAIN_NAME.matcher(name).matches());
		variables.keySet().removeIf(EnvironmentVariables::isOwnProperty);
		MutablePropertySources sources = environment.getPropertySources();
		String system = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
		sources.replace(system, new SystemEnvironmentPropertySource(system, variables));
		// In a source of this type, Spring Boot does not look for other spellings.
		sources.addAfter(system, new MapPropertySource("variables for placeholders only", forPlaceholders));
	}

	/**
	 * Whether Spring Boot would set one of the service's own properties from a variable.
	 */
	static boolean isOwnProperty(String variable) {
		return OWN_PROPERTY.matcher(variable).matches();
	}

	/** Before Spring Boot reads anything, {@code SPRING_APPLICATION_JSON} included. */
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

}
