package io.github.akashgen2api.images;

import org.jspecify.annotations.Nullable;

/**
 * An image can never be converted to another format. The message says why, such as
 * {@code the WEBP file is broken}.
 */
class UnconvertibleImageException extends RuntimeException {

	UnconvertibleImageException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

	static UnconvertibleImageException tooLarge() {
		return new UnconvertibleImageException("it is too large", null);
	}

}
