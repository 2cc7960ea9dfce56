package io.github.akashgen2api.jobs;

import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Chooses where jobs are stored.
 */
@Configuration(proxyBeanMethods = false)
class JobsConfiguration {

	@Bean
	JobStore jobStore(JobsProperties properties, JsonMapper json) {
		return new MvStoreJobStore(properties.storeDir().resolve("jobs.mv"), !properties.retention().isZero(),
				properties.reopenAfter(), json);
	}

}
