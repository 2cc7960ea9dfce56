package io.github.akashgen2api.web.access;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A secret of the installation in a file of its own, readable only by its owner.
 */
final class SecretFile {

	private static final Logger logger = LoggerFactory.getLogger(SecretFile.class);

	private SecretFile() {
	}

	/**
	 * Read the secret in a file, which is created if it does not exist.
	 * @param initial what a new file contains
	 */
	static byte[] readOrCreate(Path file, byte[] initial) throws IOException {
		if (!Files.exists(file)) {
			create(file, initial);
		}
		return Files.readAllBytes(file);
	}

	/** Atomic, and without replacing the file that another process has just created. */
	private static void create(Path file, byte[] secret) throws IOException {
		Path directory = file.toAbsolutePath().getParent();
		Files.createDirectories(directory);
		// Java creates temporary files with mode 600.
		Path temporary = Files.createTempFile(directory, file.getFileName().toString(), ".new");
		try {
			Files.write(temporary, secret);
			Files.createLink(file, temporary);
		}
		catch (FileAlreadyExistsException ex) {
			logger.debug("Another process has created {}", file);
		}
		catch (UnsupportedOperationException | IOException ex) {
			// Some file systems have no links.
			Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
		}
		finally {
			Files.deleteIfExists(temporary);
		}
	}

}
