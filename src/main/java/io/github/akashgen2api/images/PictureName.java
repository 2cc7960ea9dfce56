package io.github.akashgen2api.images;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

import io.github.akashgen2api.akash.JobId;
import org.jspecify.annotations.Nullable;

/**
 * What the picture of a job is called on disk: the SHA-256 of the job's id, in hex, so
 * that nothing a caller or AkashGen sends chooses the name of a file. Kept as numbers, as
 * there are tens of thousands of them in memory.
 *
 * @param first the first quarter of the digest
 * @param second the second quarter
 * @param third the third quarter
 * @param fourth the last quarter
 */
record PictureName(long first, long second, long third, long fourth) {

	private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

	private static final HexFormat HEX = HexFormat.of();

	static PictureName of(JobId id) {
		try {
			ByteBuffer digest = ByteBuffer
				.wrap(MessageDigest.getInstance("SHA-256").digest(id.value().getBytes(StandardCharsets.US_ASCII)));
			return new PictureName(digest.getLong(), digest.getLong(), digest.getLong(), digest.getLong());
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every JDK has SHA-256", ex);
		}
	}

	/**
	 * Read the name of a file.
	 * @return {@code null} where no picture is called so
	 */
	static @Nullable PictureName parse(String name) {
		if (!DIGEST.matcher(name).matches()) {
			return null;
		}
		return new PictureName(HexFormat.fromHexDigitsToLong(name, 0, 16), HexFormat.fromHexDigitsToLong(name, 16, 32),
				HexFormat.fromHexDigitsToLong(name, 32, 48), HexFormat.fromHexDigitsToLong(name, 48, 64));
	}

	/**
	 * The folder that it is in, from 0 to 255: its first two digits.
	 */
	int folder() {
		return (int) (this.first >>> 56);
	}

	@Override
	public String toString() {
		return HEX.toHexDigits(this.first) + HEX.toHexDigits(this.second) + HEX.toHexDigits(this.third)
				+ HEX.toHexDigits(this.fourth);
	}

}
