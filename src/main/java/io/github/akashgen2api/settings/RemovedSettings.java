package io.github.akashgen2api.settings;

import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Warns of settings that earlier versions had and that have no effect any longer.
 */
@Component
class RemovedSettings {

	private static final Logger logger = LoggerFactory.getLogger(RemovedSettings.class);

	private static final List<String> REMOVED = List.of("IMAGE_CACHE_SIZE");

	RemovedSettings(Environment environment) {
		REMOVED.stream()
			.filter(environment::containsProperty)
			.forEach((name) -> logger.warn("{} has no effect any longer, and may be removed", name));
	}

}
