package io.github.akashgen2api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * The images that the services of this process have stored in the temporary directory.
 */
final class StoredImages {

	private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

	private StoredImages() {
	}

	/**
	 * So that the next test, of the same job, does not find them. A service of another
	 * test may still write here: its files come and go.
	 */
	static void deleteAll() {
		String own = "akashgen2api-images-" + ProcessHandle.current().pid() + "-*";
		try (DirectoryStream<Path> directories = Files.newDirectoryStream(TEMPORARY, own)) {
			for (Path directory : directories) {
				Files.walkFileTree(directory, new ImageRemover());
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static final class ImageRemover extends SimpleFileVisitor<Path> {

		@Override
		public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
			if (!file.toString().endsWith(".tmp")) {
				Files.deleteIfExists(file);
			}
			return FileVisitResult.CONTINUE;
		}

		@Override
		public FileVisitResult visitFileFailed(Path file, IOException failure) {
			return FileVisitResult.CONTINUE;
		}

		@Override
		public FileVisitResult postVisitDirectory(Path directory, IOException failure) {
			return FileVisitResult.CONTINUE;
		}

	}

}
