package io.github.akashgen2api.akash;

import java.time.InstantSource;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The clock that all packages read.
 */
@Configuration(proxyBeanMethods = false)
class AkashGenConfiguration {

	@Bean
	InstantSource clock() {
		return InstantSource.system();
	}

}
