package io.github.akashgen2api.settings;

import java.util.Map;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Has the log written as {@code LOG_FORMAT} says: {@code text}, or {@code ecs}, which is
 * a line of JSON for each event (Elastic Common Schema).
 */
final class LogFormat implements EnvironmentPostProcessor, Ordered {

	private static final String NAME = "LOG_FORMAT";

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		String format = environment.getProperty(NAME, "text");
		switch (format) {
			case "text" -> {
			}
			case "ecs" -> environment.getPropertySources()
				.addLast(new MapPropertySource(NAME, Map.of("logging.structured.format.console", format)));
			default -> throw new InvalidSettingException(NAME, "is '" + format + "': must be text or ecs");
		}
	}

	@Override
	public int getOrder() {
		return ConfigDataEnvironmentPostProcessor.ORDER + 1;
	}

}
