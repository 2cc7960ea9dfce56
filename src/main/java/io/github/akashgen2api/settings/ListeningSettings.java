package io.github.akashgen2api.settings;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where the service listens. Spring Boot reads the port too, but leaves it to the web
 * server to find that there is no such port.
 *
 * @param port the port; 0 lets the system choose a free one
 * @param prefix the prefix of all routes
 */
@Validated
@ConfigurationProperties("server")
record ListeningSettings(@Min(0) @Max(65_535) int port, @DefaultValue("/") Prefix prefix) {

}
