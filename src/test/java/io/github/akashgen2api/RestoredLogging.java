package io.github.akashgen2api;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import org.springframework.boot.logging.LoggingSystem;

/**
 * Lets the log be written again. Spring Boot suppresses it while an application starts,
 * and a start that fails early leaves it so for the tests that follow in the same
 * process.
 */
public final class RestoredLogging implements BeforeAllCallback {

	@Override
	public void beforeAll(ExtensionContext context) {
		LoggingSystem.get(getClass().getClassLoader()).cleanUp();
	}

}
