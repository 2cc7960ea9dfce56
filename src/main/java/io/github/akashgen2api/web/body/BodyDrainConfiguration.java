package io.github.akashgen2api.web.body;

import org.springframework.boot.jetty.JettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Wraps all other handlers in the drain, as each may leave a body unread.
 */
@Configuration(proxyBeanMethods = false)
class BodyDrainConfiguration {

	@Bean
	JettyServerCustomizer drainBodies(BodyProperties settings) {
		return (server) -> {
			BodyDrainHandler drain = new BodyDrainHandler(settings);
			drain.setHandler(server.getHandler());
			server.setHandler(drain);
		};
	}

}
