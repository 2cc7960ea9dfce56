package io.github.akashgen2api;

import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Waits longer for what should happen than Awaitility's ten seconds, in every test: a
 * slow, busy machine needs them for what takes one. And looks more often than every 100
 * milliseconds.
 */
public final class PatientAwaitility implements BeforeAllCallback {

	@Override
	public void beforeAll(ExtensionContext context) {
		Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
		Awaitility.setDefaultPollInterval(Duration.ofMillis(20));
	}

}
