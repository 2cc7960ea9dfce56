package io.github.akashgen2api.jobs;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the file that the last process has written. One that cannot be read is moved
 * aside, for those who want to look at it. So is one at which two processes in a row have
 * ended, as a damaged length may ask for more memory than there is.
 */
final class JobFileReader {

	private static final Logger logger = LoggerFactory.getLogger(JobFileReader.class);

	/** Each may be as large as the file. */
	private static final int MAX_MOVED_ASIDE = 3;

	private final Path file;

	/** Marks that a process reads the file. */
	private final Path reading;

	/** The same for the process after one that has ended. */
	private final Path readingAgain;

	JobFileReader(Path file) {
		this.file = file;
		this.reading = file.resolveSibling(file.getFileName() + ".reading");
		this.readingAgain = file.resolveSibling(file.getFileName() + ".reading-again");
	}

	/**
	 * Read the file, if there is one.
	 * @param reader reads the maps, and may fail at what they contain
	 * @throws IOException if the disk fails
	 * @throws MVStoreException if another process has the file, or the disk fails
	 */
	void read(Consumer<JobMaps> reader) throws IOException {
		if (!Files.exists(this.file, LinkOption.NOFOLLOW_LINKS)) {
			return;
		}
		try {
			if (!Files.isRegularFile(this.file)) {
				moveAside("it is not a regular file");
				return;
			}
			if (Files.exists(this.readingAgain)) {
				moveAside("the process ended twice while reading it");
				return;
			}
			touch(Files.exists(this.reading) ? this.readingAgain : this.reading);
			MVStore store = JobMaps.open(this.file);
			try {
				reader.accept(new JobMaps(store, 0));
			}
			finally {
				store.closeImmediately();
			}
		}
		catch (RuntimeException | AssertionError | StackOverflowError ex) {
			if (mayBeOverLater(ex)) {
				throw ex;
			}
			moveAside(ex.toString());
		}
		finally {
			Files.deleteIfExists(this.reading);
			Files.deleteIfExists(this.readingAgain);
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

	/** Another process has the file, or the disk fails. */
	private static boolean mayBeOverLater(Throwable failure) {
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
			for (Path old : moved.subList(Math.min(MAX_MOVED_ASIDE, moved.size()), moved.size())) {
				Files.delete(old);
			}
		}
	}

}
