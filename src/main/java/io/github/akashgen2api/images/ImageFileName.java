package io.github.akashgen2api.images;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

import io.github.akashgen2api.akash.JobId;

/**
 * The name of the files of a job's image: the job's id, as AkashGen's ids are in
 * practice. An id that some file system may confuse with another is replaced by its
 * SHA-256.
 *
 * @param folder two hex digits, so that no folder holds too many files
 * @param stem the name without its extension
 * @param legacy the name that version 0.1 gave
 */
record ImageFileName(String folder, String stem, String legacy) {

	private static final Pattern PLAIN = Pattern.compile("[0-9a-z][0-9a-z_-]{5,62}[0-9a-z]");

	private static final Pattern FOLDER = Pattern.compile("[0-9a-f]{2}");

	private static final Pattern LEGACY = Pattern.compile("[0-9a-f]{64}");

	private static final Pattern FILE = Pattern.compile("[0-9a-z_-]{8,80}(?:@[a-z0-9-]+)?\\.(?:webp|png|jpg)");

	private static final String HASHED = "sha256-";

	static ImageFileName of(JobId id) {
		String digest = sha256(id.value());
		boolean isPlain = PLAIN.matcher(id.value()).matches() && !id.value().startsWith(HASHED);
		return new ImageFileName(digest.substring(0, 2), isPlain ? id.value() : HASHED + digest, digest);
	}

	/** The name of the image in another format. */
	ImageFileName converted(String conversion) {
		return new ImageFileName(this.folder, this.stem + "@" + conversion, this.legacy);
	}

	static boolean isFolder(String name) {
		return FOLDER.matcher(name).matches();
	}

	/** Whether a file in one of the folders is an image of the service. */
	static boolean isFile(String name) {
		return FILE.matcher(name).matches() || isLegacy(name);
	}

	/** Whether it was named by version 0.1. */
	static boolean isLegacy(String name) {
		return LEGACY.matcher(name).matches();
	}

	private static String sha256(String text) {
		try {
			return HexFormat.of()
				.formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII)));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every JDK has SHA-256", ex);
		}
	}

}
