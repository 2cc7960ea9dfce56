package io.github.akashgen2api.jobs;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JobMaps}.
 */
class JobMapsTests {

	private final JobMaps maps = JobMaps.inMemory();

	@Test
	void bytesCountsTheRecordsThatAreThere() {
		this.maps.put(record("job_1"), "12345");
		this.maps.put(record("job_2"), "123");
		assertThat(this.maps.bytes()).isEqualTo(8);
		this.maps.put(record("job_1"), "1");
		assertThat(this.maps.bytes()).isEqualTo(4);
		this.maps.remove(record("job_2"));
		this.maps.remove(record("job_3"));
		assertThat(this.maps.bytes()).isEqualTo(1);
		this.maps.remove("job_1", new JobRecordFormat(new JsonMapper()));
		assertThat(this.maps.bytes()).isZero();
	}

	@Test
	void copyCountsItsRecordsAndGoesOnFromThere() {
		JobRecordFormat format = new JobRecordFormat(new JsonMapper());
		String text = format.write(record("job_1"));
		this.maps.put(record("job_1"), text);
		try (MVStore store = new MVStore.Builder().open()) {
			JobMaps copy = new JobMaps(store, 0);
			this.maps.copyTo(copy, format, (_) -> true);
			assertThat(copy.bytes()).isEqualTo(text.length());
			assertThat(new JobMaps(store, copy.bytes()).bytes()).isEqualTo(text.length());
		}
	}

	private static JobRecord record(String id) {
		return new JobRecord(id, "k", "r", null, Instant.EPOCH, ImageJob.State.SUCCEEDED, "up", "", "", true, 0, "fox",
				Map.of(), List.of("d"), null, null, null);
	}

}
