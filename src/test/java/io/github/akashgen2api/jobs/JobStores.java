package io.github.akashgen2api.jobs;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

import tools.jackson.databind.json.JsonMapper;

/**
 * Jobs for tests of other packages.
 */
public final class JobStores {

	private JobStores() {
	}

	/**
	 * A registry with a file in a directory.
	 */
	public static JobRegistry registry(Path directory) {
		JobsProperties properties = new JobsProperties(directory, Duration.ofMinutes(5), Duration.ofHours(24),
				Duration.ofDays(7), Duration.ofSeconds(10), Duration.ofMinutes(5), Duration.ofMinutes(1));
		return new JobRegistry(
				new MvStoreJobStore(directory.resolve("jobs.mv"), true, Duration.ofSeconds(10), new JsonMapper()),
				properties, InstantSource.system());
	}

}
