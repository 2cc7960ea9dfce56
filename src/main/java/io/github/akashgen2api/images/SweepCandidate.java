package io.github.akashgen2api.images;

import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/**
 * The file of an image, as a sweep sees it.
 *
 * @param path where it is
 * @param bytes its length
 * @param usedAt when it was last used
 */
record SweepCandidate(Path path, long bytes, FileTime usedAt) {

	String name() {
		return this.path.getFileName().toString();
	}

}
