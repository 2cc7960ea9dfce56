package io.github.akashgen2api.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Jobs in a file of H2's MVStore, which a {@code kill -9} leaves whole. Where it cannot
 * be opened, as when the process before has not let go of it, nothing is written, until
 * it can be. Not for use by several threads at once.
 */
final class JobFile implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(JobFile.class);

	private final Path file;

	private final Duration reopenAfter;

	private final JsonMapper json;

	private final Consumer<List<JobRecord>> found;

	private @Nullable MVStore store;

	/** Whether what an earlier process wrote is known. */
	private boolean isRead;

	private boolean isBroken;

	private long reopenAt = System.nanoTime();

	/**
	 * Prepare to keep jobs.
	 * @param found is given what was kept before, once, as soon as it can be read
	 */
	JobFile(Path file, Duration reopenAfter, JsonMapper json, Consumer<List<JobRecord>> found) {
		this.file = file;
		this.reopenAfter = reopenAfter;
		this.json = json;
		this.found = found;
	}

	/** Read what was kept before. */
	void read() {
		try {
			read(open());
		}
		catch (IOException | MVStoreException ex) {
			broken(ex);
		}
	}

	private void read(MVMap<String, String> jobs) {
		if (!this.isRead) {
			this.found.accept(jobs.values().stream().flatMap(this::record).toList());
			this.isRead = true;
		}
	}

	/**
	 * Open the file where it could not be, if it is time.
	 * @param all the jobs, which are written then
	 */
	void mend(Supplier<List<JobRecord>> all) {
		if (this.isBroken) {
			write(List.of(), List.of(), all);
		}
	}

	/**
	 * Write changes, so that they outlive this process.
	 * @param all the jobs, where the file has to be made anew
	 */
	void write(Collection<JobRecord> kept, Collection<String> dropped, Supplier<List<JobRecord>> all) {
		if (this.isBroken && System.nanoTime() - this.reopenAt < 0) {
			return;
		}
		try {
			MVMap<String, String> jobs = open();
			if (this.isBroken && this.isRead) {
				jobs.clear();
			}
			read(jobs);
			(this.isBroken ? all.get() : kept).forEach((job) -> jobs.put(job.id(), this.json.writeValueAsString(job)));
			dropped.forEach(jobs::remove);
			jobs.getStore().commit();
			if (this.isBroken) {
				this.isBroken = false;
				logger.info("Jobs are written to {} again", this.file);
			}
		}
		catch (IOException | MVStoreException ex) {
			broken(ex);
		}
	}

	private MVMap<String, String> open() throws IOException {
		if (this.store == null) {
			Files.createDirectories(this.file.toAbsolutePath().getParent());
			this.store = openStore();
		}
		return this.store.openMap("jobs");
	}

	/** One that cannot be read is put aside, for who wants to look at it. */
	private MVStore openStore() throws IOException {
		try {
			return store();
		}
		catch (MVStoreException ex) {
			if (ex.getErrorCode() != DataUtils.ERROR_FILE_CORRUPT) {
				throw ex;
			}
			Path aside = this.file.resolveSibling(this.file.getFileName() + ".broken");
			Files.move(this.file, aside, StandardCopyOption.REPLACE_EXISTING);
			logger.warn("Jobs of earlier are forgotten, as their file cannot be read; it is {} now: {}", aside,
					ex.getMessage());
			return store();
		}
	}

	/** Of pages, a megabyte is kept in memory: jobs are in memory anyway. */
	private MVStore store() {
		return new MVStore.Builder().fileName(this.file.toString()).cacheSize(1).open();
	}

	private Stream<JobRecord> record(String text) {
		try {
			JobRecord record = this.json.readValue(text, JobRecord.class);
			// One by another name is none.
			var _ = record.job();
			return Stream.of(record);
		}
		catch (JacksonException | IllegalArgumentException ex) {
			logger.warn("A job of earlier is forgotten, as it cannot be read: {}", ex.getClass().getSimpleName());
			return Stream.empty();
		}
	}

	private void broken(Exception ex) {
		if (!this.isBroken) {
			logger.warn("Jobs cannot be written to {}, and would be forgotten over a restart: {}", this.file,
					ex.toString());
		}
		this.isBroken = true;
		this.reopenAt = System.nanoTime() + this.reopenAfter.toNanos();
		if (this.store != null) {
			this.store.closeImmediately();
			this.store = null;
		}
	}

	@Override
	public void close() {
		if (this.store != null) {
			this.store.close();
			this.store = null;
		}
	}

}
