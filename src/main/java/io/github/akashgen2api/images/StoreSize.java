package io.github.akashgen2api.images;

import org.springframework.util.unit.DataSize;

/**
 * The size of a store.
 *
 * @param bytes 0 or more
 */
record StoreSize(long bytes) {

	/**
	 * Read a size as an operator writes it: {@code 64MB}.
	 * @throws IllegalArgumentException if it is not a size, or negative
	 */
	public static StoreSize valueOf(String text) {
		DataSize size;
		try {
			size = DataSize.parse(text.strip());
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("must be a size such as 64MB");
		}
		if (size.isNegative()) {
			throw new IllegalArgumentException("must not be negative");
		}
		return new StoreSize(size.toBytes());
	}

}
