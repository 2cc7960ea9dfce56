package io.github.akashgen2api;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/**
 * Starts the service.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
public class AkashGen2ApiApplication {

	public static void main(String[] args) {
		SpringApplication.run(AkashGen2ApiApplication.class, args);
	}

}
