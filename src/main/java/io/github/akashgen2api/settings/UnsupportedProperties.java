package io.github.akashgen2api.settings;

import java.util.List;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.SystemEnvironmentOrigin;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Refuses properties that would replace what is coded. Resilience4j takes those of an
 * instance for its whole configuration: a job would no longer be polled while it is
 * pending.
 */
final class UnsupportedProperties implements EnvironmentPostProcessor, Ordered {

	private static final List<ConfigurationPropertyName> REPLACING = List.of(
			ConfigurationPropertyName.of("resilience4j.retry.instances.polling"),
			ConfigurationPropertyName.of("resilience4j.retry.instances.polling-in-time"));

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source instanceof IterableConfigurationPropertySource iterable) {
				iterable.stream()
					.filter((name) -> REPLACING.stream().anyMatch((refused) -> refused.isAncestorOf(name)))
					.findFirst()
					.ifPresent((name) -> refuse(iterable, name));
			}
		}
	}

	private static void refuse(ConfigurationPropertySource source, ConfigurationPropertyName name) {
		Origin origin = Origin.from(source.getConfigurationProperty(name));
		throw new InvalidSettingException(
				(origin instanceof SystemEnvironmentOrigin variable) ? variable.getProperty() : name.toString(),
				"is not supported: set POLL_MAX_ATTEMPTS and POLL_INTERVAL instead");
	}

	@Override
	public int getOrder() {
		return ConfigDataEnvironmentPostProcessor.ORDER + 1;
	}

}
