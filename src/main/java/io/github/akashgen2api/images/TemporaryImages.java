package io.github.akashgen2api.images;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

import org.springframework.util.FileSystemUtils;

/**
 * Names a directory in the system's temporary directory for the images of this process.
 * The name begins with the process id, so that the directories of processes that were
 * killed can be removed.
 */
final class TemporaryImages {

	private static final Path PARENT = Path.of(System.getProperty("java.io.tmpdir"));

	private static final String PREFIX = "akashgen2api-images-";

	private TemporaryImages() {
	}

	static Path newDirectory() {
		return PARENT.resolve(PREFIX + ProcessHandle.current().pid() + "-" + UUID.randomUUID());
	}

	/** Remove the directories of processes that have ended. */
	static void deleteLeftovers() throws IOException {
		try (DirectoryStream<Path> directories = Files.newDirectoryStream(PARENT, PREFIX + "*")) {
			for (Path directory : directories) {
				String pid = directory.getFileName().toString().substring(PREFIX.length()).replaceFirst("-.*", "");
				if (pid.matches("\\d{1,10}") && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
					FileSystemUtils.deleteRecursively(directory);
				}
			}
		}
	}

}
