package io.github.akashgen2api.settings;

import java.util.List;
import java.util.regex.Pattern;

import org.apache.commons.logging.Log;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.logging.DeferredLogFactory;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;

/**
 * Warns of settings that were removed, and refuses properties that would replace what is
 * coded: Resilience4j takes those of an instance for its whole configuration, and a
 * pending job would no longer be polled.
 */
final class UnsupportedSettings implements EnvironmentPostProcessor, Ordered {

	private static final List<String> REMOVED = List.of("IMAGE_CACHE_SIZE", "LOOKUPS_PER_SECOND", "POLL_BATCH_SIZE",
			"SUBMITS_AT_ONCE", "WAITING_AT_ONCE");

	private static final Pattern REFUSED = Pattern.compile("(?i)resilience4j[._]retry[._]instances[._\\[]polling.*");

	private final Log log;

	UnsupportedSettings(DeferredLogFactory logs) {
		this.log = logs.getLog(UnsupportedSettings.class);
	}

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		environment.getPropertySources()
			.stream()
			.filter(EnumerablePropertySource.class::isInstance)
			.flatMap((source) -> List.of(((EnumerablePropertySource<?>) source).getPropertyNames()).stream())
			.filter((name) -> REFUSED.matcher(name).matches())
			.findFirst()
			.ifPresent(UnsupportedSettings::refuse);
		REMOVED.stream()
			.filter(environment::containsProperty)
			.forEach((name) -> this.log.warn(name + " has no effect any longer, and may be removed"));
	}

	private static void refuse(String name) {
		throw new InvalidSettingException(name, "is not supported: set POLL_MAX_ATTEMPTS and POLL_INTERVAL instead");
	}

	@Override
	public int getOrder() {
		return ConfigDataEnvironmentPostProcessor.ORDER + 1;
	}

}
