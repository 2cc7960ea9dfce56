package io.github.akashgen2api.images;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import io.github.akashgen2api.akash.ImageFormat;

import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;

/**
 * A finished image in a file. The file may be removed at any time, when the store needs
 * room.
 *
 * @param format what it is
 * @param file where it is
 * @param length in bytes
 */
public record StoredImage(ImageFormat format, Path file, long length) {

	/**
	 * The file, for reading.
	 */
	public Resource resource() {
		return new FileSystemResource(this.file);
	}

	/**
	 * What tells the image from any other, with quotes (RFC 9110 section 8.8.3). An image
	 * of a job never changes, nor does what it is converted to.
	 */
	String entityTag() {
		try {
			byte[] identity = (this.file.getFileName() + " " + this.length).getBytes(StandardCharsets.UTF_8);
			return '"' + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(identity), 0, 16) + '"';
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every JDK has SHA-256", ex);
		}
	}

}
