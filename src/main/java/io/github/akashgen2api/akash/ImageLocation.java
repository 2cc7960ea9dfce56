package io.github.akashgen2api.akash;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;

/**
 * Where AkashGen says that an image is: the {@code result} of a finished job, in one of
 * its dialects.
 */
public sealed interface ImageLocation {

	/** The only folder of AkashGen's that images are taken from. */
	String FOLDER = "/api/image/";

	/**
	 * Understand the {@code result} of a finished job that is no data URL.
	 * @param result a root-relative path or an address
	 * @param base where AkashGen is; an address of any other origin is foreign
	 */
	static ImageLocation of(String result, BaseUrl base) {
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
	record File(String name) implements ImageLocation {

		private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9._-]+");

		static boolean isPlainName(String name) {
			return PLAIN_NAME.matcher(name).matches() && !name.contains("..") && !name.equals(".");
		}

	}

	/**
	 * The image itself came with the answer, as a data URL (before 2025-06-29). It is in
	 * the {@link ImageSink}, or has to be asked for again.
	 */
	record Inline() implements ImageLocation {

	}

	/**
	 * A data URL that holds no image.
	 *
	 * @param reason what is wrong with it
	 */
	record Invalid(String reason) implements ImageLocation {

	}

	/**
	 * Something else, which this service does not follow.
	 *
	 * @param result what AkashGen said, 200 characters at most
	 */
	record Foreign(String result) implements ImageLocation {

	}

}
