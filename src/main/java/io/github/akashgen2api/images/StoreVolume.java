package io.github.akashgen2api.images;

import java.io.File;
import java.nio.file.Path;

/**
 * The volume of a store, on which other files are written too, those of jobs among them.
 *
 * @param path of the store
 */
record StoreVolume(Path path) {

	/** What stays free: this or a tenth of the volume, whichever is less. */
	private static final long FREE_BYTES = 64L * 1024 * 1024;

	/** How many bytes too few are free; negative where enough are. */
	long missingBytes() {
		File volume = this.path.toFile();
		long total = volume.getTotalSpace();
		// 0 where the system does not tell.
		return (total > 0) ? Math.min(FREE_BYTES, total / 10) - volume.getUsableSpace() : 0;
	}

}
