package io.github.akashgen2api.akash;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * What comes from AkashGen, for the tests of the packages that cannot make it themselves.
 */
public final class AkashGenSamples {

	private AkashGenSamples() {
	}

	/**
	 * The kind of failure that a later attempt may not meet.
	 */
	public static AkashGenException unavailable(String message) {
		return new AkashGenException.Unavailable(message, null, new ResponseExcerpt(502, "text/plain", message, 10));
	}

	/**
	 * The kind of failure where nothing came back.
	 */
	public static AkashGenException brokenOff(String message) {
		return new AkashGenException.ConnectionLost(message, new IOException("Connection reset"));
	}

	/**
	 * The kind of failure that every attempt will meet.
	 */
	public static AkashGenException noPicture(String message) {
		return new AkashGenException.InvalidImage(message, "");
	}

	/**
	 * A genuine WebP file.
	 * @param name one of those that the stand-in AkashGen paints
	 */
	public static byte[] paintingBytes(String name) {
		try (InputStream file = AkashGenSamples.class.getResourceAsStream("/stand-in/" + name + ".webp")) {
			return file.readAllBytes();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Something that passes for a JPEG file.
	 * @param length its bytes, 5 at least
	 */
	public static byte[] imageOfLength(int length) {
		byte[] bytes = new byte[length];
		bytes[0] = (byte) 0xFF;
		bytes[1] = (byte) 0xD8;
		bytes[2] = (byte) 0xFF;
		bytes[length - 2] = (byte) 0xFF;
		bytes[length - 1] = (byte) 0xD9;
		return bytes;
	}

}
