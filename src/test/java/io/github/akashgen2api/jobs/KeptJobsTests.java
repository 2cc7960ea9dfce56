package io.github.akashgen2api.jobs;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

import io.github.akashgen2api.akash.Job;
import io.github.akashgen2api.akash.JobId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class KeptJobsTests {

	private static final InstantSource CLOCK = InstantSource.system();

	@TempDir
	Path directory;

	@Test
	void jobThatMayHaveEndedAProcessIsRecalledLastAndGivenUpTheSecondTime() {
		JobRecord first = job("first");
		JobRecord second = job("second");
		try (KeptJobs jobs = jobs()) {
			jobs.keep(first).join();
			jobs.keep(second).join();
			jobs.changeOnDisk(first.job().id(), JobRecord::moreSuspect).join();
		}
		try (KeptJobs jobs = jobs()) {
			List<JobRecord> recalled = recalled(jobs);
			assertThat(recalled).extracting(JobRecord::id).containsExactly("second", "first");
			assertThat(recalled).noneMatch(JobRecord::wasGivenUp);
			jobs.changeOnDisk(first.job().id(), JobRecord::moreSuspect).join();
			jobs.changeOnDisk(second.job().id(), JobRecord::moreSuspect).join();
			jobs.changeOnDisk(second.job().id(), JobRecord::trusted).join();
		}
		try (KeptJobs jobs = jobs()) {
			assertThat(recalled(jobs)).filteredOn(JobRecord::wasGivenUp)
				.extracting(JobRecord::id)
				.containsExactly("first");
		}
	}

	@Test
	void recordOfAnEarlierVersionIsNotSuspect() {
		JobRecord kept = new JsonMapper().readValue(
				"{\"id\":\"a\",\"prompt\":\"fox\",\"negativePrompt\":\"\",\"since\":\"2026-11-27T10:00:00Z\",\"request\":\"r\",\"idempotencyKey\":null,\"isOpen\":true,\"isWanted\":true}",
				JobRecord.class);
		assertThat(kept.suspicion()).isNull();
		assertThat(kept.wasGivenUp()).isFalse();
		assertThat(kept.isOpen()).isTrue();
	}

	private static JobRecord job(String id) {
		return JobRecord.of(new Job(new JobId(id), "fox", ""), CLOCK.instant(), "r-" + id, null);
	}

	private static List<JobRecord> recalled(KeptJobs jobs) {
		List<JobRecord> recalled = new ArrayList<>();
		jobs.recall(recalled::add);
		return recalled;
	}

	private KeptJobs jobs() {
		return new KeptJobs(
				new JobsProperties(this.directory, Duration.ofMinutes(5), Duration.ofHours(24), Duration.ofSeconds(10)),
				CLOCK, new JsonMapper());
	}

}
