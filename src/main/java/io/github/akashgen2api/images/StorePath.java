package io.github.akashgen2api.images;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * The directory of stored images.
 *
 * @param path absolute
 */
record StorePath(Path path) {

	/**
	 * Read a path as an operator writes it. A relative path starts at the working
	 * directory.
	 * @throws IllegalArgumentException if it is not a path
	 */
	public static StorePath valueOf(String text) {
		if (text.isBlank()) {
			throw new IllegalArgumentException("must be the path of a directory");
		}
		try {
			return new StorePath(Path.of(text.strip()).toAbsolutePath().normalize());
		}
		catch (InvalidPathException ex) {
			throw new IllegalArgumentException("must be the path of a directory: " + ex.getReason());
		}
	}

}
