package io.github.akashgen2api.akash;

import java.net.URI;
import java.net.URISyntaxException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * A finished picture, whole and of a known format. AkashGen passes on whatever its image
 * service sends (an HTML page, half a file, WebP labelled as PNG), so the bytes are
 * judged and never the label.
 */
public final class Picture {

	private final byte[] bytes;

	private final PictureFormat format;

	/** Made for those who ask: it takes longer than all else about a picture. */
	private volatile @Nullable String digest;

	private Picture(byte[] bytes, PictureFormat format) {
		this.bytes = bytes;
		this.format = format;
	}

	/**
	 * Take bytes for a picture.
	 * @throws IllegalArgumentException if they are none, saying why
	 */
	public static Picture of(byte[] bytes) {
		if (bytes.length == 0) {
			throw new IllegalArgumentException("there are no bytes");
		}
		for (PictureFormat format : PictureFormat.values()) {
			if (format.begins(bytes)) {
				if (!format.ends(bytes)) {
					throw new IllegalArgumentException("the " + format + " file is cut");
				}
				return new Picture(bytes, format);
			}
		}
		throw new IllegalArgumentException("the bytes are neither WebP, PNG nor JPEG");
	}

	/**
	 * The bytes of the file. They are shared for speed: do not write to them.
	 */
	public byte[] bytes() {
		return this.bytes;
	}

	/**
	 * What the bytes are.
	 */
	public PictureFormat format() {
		return this.format;
	}

	/**
	 * What tells the bytes from any others: the first half of their SHA-256, in hex.
	 */
	public String digest() {
		String digest = this.digest;
		if (digest == null) {
			digest = sha256(this.bytes);
			this.digest = digest;
		}
		return digest;
	}

	private static String sha256(byte[] bytes) {
		try {
			return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 16);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every JDK has SHA-256", ex);
		}
	}

	/**
	 * Where AkashGen says that a picture is: the {@code result} of a finished job, in one
	 * of its dialects.
	 */
	public sealed interface Location {

		/** The only folder of AkashGen's that pictures are taken from. */
		String FOLDER = "/api/image/";

		/**
		 * Understand the {@code result} of a finished job.
		 * @param id the job
		 * @param result a root-relative path, an address or a data URL
		 * @param shelf where the bytes of pictures in data URLs lie
		 * @param base where AkashGen is; an address of any other origin is foreign
		 */
		static Location of(JobId id, String result, PictureShelf shelf, BaseUrl base) {
			Matcher dataUrl = Inline.DATA_URL.matcher(result);
			if (dataUrl.lookingAt()) {
				return Inline.of(id, result.substring(dataUrl.end()), shelf);
			}
			String path = result.startsWith("/") ? result : pathBelow(base, result);
			String name = path.startsWith(FOLDER) ? path.substring(FOLDER.length()) : "";
			if (File.isPlainName(name)) {
				return new File(name);
			}
			return new Foreign(result.substring(0, Math.min(result.length(), 200)));
		}

		/**
		 * Empty for an address that is not below the base, and for what is no address.
		 */
		private static String pathBelow(BaseUrl base, String address) {
			try {
				URI uri = new URI(address);
				String prefix = base.uri().getRawPath();
				boolean isBelow = base.isOriginOf(uri) && uri.getRawPath().startsWith(prefix);
				boolean isPlain = uri.getRawQuery() == null && uri.getRawFragment() == null;
				return (isBelow && isPlain) ? uri.getRawPath().substring(prefix.length()) : "";
			}
			catch (URISyntaxException ex) {
				return "";
			}
		}

		/**
		 * A file of AkashGen's (since 2025-06-29).
		 *
		 * @param name a plain file name
		 */
		record File(String name) implements Location {

			private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9._-]+");

			static boolean isPlainName(String name) {
				return PLAIN_NAME.matcher(name).matches() && !name.contains("..") && !name.equals(".");
			}

		}

		/**
		 * A picture that came as a data URL inside of the answer (before 2025-06-29).
		 *
		 * @param id the job, which is asked for again where its picture was forgotten
		 * @param mark what its bytes are taken from the shelf by
		 */
		record Inline(JobId id, String mark) implements Location {

			private static final Pattern DATA_URL = Pattern.compile("data:image/[a-z0-9.+-]+;base64,");

			private static Location of(JobId id, String content, PictureShelf shelf) {
				if (content.startsWith("#")) {
					return new Inline(id, content);
				}
				try {
					return new Inline(id, shelf.put(Base64.getDecoder().decode(content)));
				}
				catch (IllegalArgumentException ex) {
					return new Undecodable(String.valueOf(ex.getMessage()));
				}
			}

		}

		/**
		 * A data URL without base64 in it.
		 *
		 * @param reason what is wrong with it
		 */
		record Undecodable(String reason) implements Location {
		}

		/**
		 * Something else, which this service does not follow.
		 *
		 * @param result what AkashGen said, 200 characters at most
		 */
		record Foreign(String result) implements Location {
		}

	}

}
