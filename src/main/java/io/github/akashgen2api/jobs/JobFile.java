package io.github.akashgen2api.jobs;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
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
 * Jobs in a file of H2's MVStore, which a {@code kill -9} leaves whole. What an earlier
 * process wrote is read and written to a new file, as MVStore may lose what is added to a
 * damaged one. A file that cannot be read is moved aside. While another process holds it,
 * or the disk fails, nothing is written, until it can be. Not for use by several threads
 * at once.
 */
final class JobFile implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(JobFile.class);

	/** Each may be as large as the file. */
	private static final int MOST_MOVED_ASIDE = 3;

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
			open(List::of);
		}
		catch (IOException | RuntimeException ex) {
			broken(ex);
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
			MVMap<String, String> jobs = open(all);
			put(kept, jobs);
			dropped.forEach(jobs::remove);
			jobs.getStore().commit();
			if (this.isBroken) {
				this.isBroken = false;
				logger.info("Jobs are written to {} again", this.file);
			}
		}
		catch (IOException | RuntimeException ex) {
			broken(ex);
		}
	}

	private void put(Collection<JobRecord> kept, MVMap<String, String> jobs) {
		kept.forEach((job) -> jobs.put(job.id(), this.json.writeValueAsString(job)));
	}

	private MVMap<String, String> open(Supplier<List<JobRecord>> all) throws IOException {
		if (this.store == null) {
			Files.createDirectories(this.file.toAbsolutePath().getParent());
			List<JobRecord> jobs = new ArrayList<>();
			List<JobRecord> earlier = earlier();
			if (!this.isRead) {
				this.isRead = true;
				this.found.accept(earlier);
				jobs.addAll(earlier);
			}
			jobs.addAll(all.get());
			replace(jobs);
			this.store = open(this.file);
		}
		return this.store.openMap("jobs");
	}

	/** Of pages, a megabyte is kept in memory: jobs are in memory anyway. */
	private static MVStore open(Path file) {
		return new MVStore.Builder().fileName(file.toString()).cacheSize(1).open();
	}

	private void replace(List<JobRecord> jobs) throws IOException {
		Path next = beside(".new");
		Files.deleteIfExists(next);
		try (MVStore store = open(next)) {
			put(jobs, store.openMap("jobs"));
			store.commit();
			store.sync();
		}
		Files.move(next, this.file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
	}

	/**
	 * What is in the file. One that cannot be read is moved aside, for those who want to
	 * look at it; so is one at which two processes in a row have died, as a damaged
	 * length may ask for more memory than there is.
	 */
	private List<JobRecord> earlier() throws IOException {
		if (!Files.exists(this.file, LinkOption.NOFOLLOW_LINKS)) {
			return List.of();
		}
		Path died = beside(".reading");
		Path diedAgain = beside(".reading-again");
		try {
			if (!Files.isRegularFile(this.file)) {
				moveAside("it is not a regular file");
				return List.of();
			}
			if (Files.exists(diedAgain)) {
				moveAside("the process ended twice while reading it");
				return List.of();
			}
			touch(Files.exists(died) ? diedAgain : died);
			return records();
		}
		catch (RuntimeException | AssertionError | StackOverflowError ex) {
			if (isTrouble(ex)) {
				throw ex;
			}
			moveAside(ex.toString());
			return List.of();
		}
		finally {
			Files.deleteIfExists(died);
			Files.deleteIfExists(diedAgain);
		}
	}

	/** On a full disk it may fail; reading need not. */
	private static void touch(Path marker) {
		try {
			Files.createFile(marker);
		}
		catch (IOException ex) {
			logger.debug("Cannot create {}: {}", marker, ex.toString());
		}
	}

	private List<JobRecord> records() {
		MVStore store = open(this.file);
		try {
			return store.<String, String>openMap("jobs").values().stream().flatMap(this::record).toList();
		}
		finally {
			store.closeImmediately();
		}
	}

	/**
	 * Whether it may be over by itself: another process has the file, or the disk fails.
	 */
	private static boolean isTrouble(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof MVStoreException ex && ex.getErrorCode() == DataUtils.ERROR_FILE_LOCKED) {
				return true;
			}
			if (cause instanceof IOException) {
				return !(cause instanceof EOFException);
			}
		}
		return false;
	}

	private void moveAside(String reason) throws IOException {
		String prefix = this.file.getFileName() + ".broken-";
		Path aside = this.file.resolveSibling(prefix + System.currentTimeMillis());
		Files.move(this.file, aside);
		logger.warn("Cannot read the job file; moved it to {} and started empty: {}", aside, reason);
		try (Stream<Path> siblings = Files.list(this.file.toAbsolutePath().getParent())) {
			List<Path> moved = siblings.filter((path) -> path.getFileName().toString().startsWith(prefix))
				.filter(Files::isRegularFile)
				.sorted(Comparator.reverseOrder())
				.toList();
			for (Path old : moved.subList(Math.min(MOST_MOVED_ASIDE, moved.size()), moved.size())) {
				Files.delete(old);
			}
		}
	}

	private Path beside(String suffix) {
		return this.file.resolveSibling(this.file.getFileName() + suffix);
	}

	private Stream<JobRecord> record(String text) {
		try {
			JobRecord record = this.json.readValue(text, JobRecord.class);
			// One by another name is none.
			var _ = record.job();
			Objects.requireNonNull(record.prompt());
			Objects.requireNonNull(record.negativePrompt());
			Objects.requireNonNull(record.since());
			Objects.requireNonNull(record.request());
			return Stream.of(record);
		}
		catch (JacksonException | IllegalArgumentException | NullPointerException ex) {
			logger.warn("Cannot read a kept job; it is forgotten: {}", ex.getClass().getSimpleName());
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
		discard();
	}

	private void discard() {
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
