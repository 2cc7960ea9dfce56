package io.github.akashgen2api.settings;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where the service listens, and how it logs.
 *
 * @param port the port; 0 lets the system choose a free one. Spring Boot reads it too,
 * but a port out of range would fail in the web server, with a stack trace
 * @param prefix the prefix of all routes
 * @param logFormat the format of the log. {@code application.yaml} passes {@code ecs} on
 * to Spring Boot
 */
@Validated
@ConfigurationProperties("server")
record ServiceProperties(@Min(0) @Max(65_535) int port, @DefaultValue("/") PathPrefix prefix,
		@Pattern(regexp = "text|ecs", message = "must be text or ecs") String logFormat) {

}
