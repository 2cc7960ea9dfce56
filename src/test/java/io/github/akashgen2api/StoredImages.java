package io.github.akashgen2api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The images that the services of this process have stored in the temporary directory.
 */
final class StoredImages {

	private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

	private StoredImages() {
	}

	/** So that the next test, of the same job, does not find them. */
	static void deleteAll() {
		String own = "akashgen2api-images-" + ProcessHandle.current().pid() + "-*";
		try (DirectoryStream<Path> directories = Files.newDirectoryStream(TEMPORARY, own)) {
			for (Path directory : directories) {
				try (Stream<Path> files = Files.walk(directory)) {
					for (Path file : files.filter(Files::isRegularFile).toList()) {
						Files.deleteIfExists(file);
					}
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
