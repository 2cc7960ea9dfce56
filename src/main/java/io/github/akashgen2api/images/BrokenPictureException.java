package io.github.akashgen2api.images;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A file on disk is not what was written there.
 */
class BrokenPictureException extends IOException {

	BrokenPictureException(Path file) {
		super("'" + file + "' is no whole picture of that name");
	}

}
