package io.github.akashgen2api.web;

import org.springframework.core.Ordered;

/**
 * The order of this service's servlet filters. A filter with a lower value is called
 * first.
 */
public final class FilterOrder {

	/** First, so that each log line and each answer has the request's id. */
	public static final int REQUEST_ID = Ordered.HIGHEST_PRECEDENCE;

	/**
	 * Before the key check, as a preflight has no key, and a web page must be able to
	 * read a refusal. After Spring's own filters.
	 */
	public static final int CORS = Ordered.LOWEST_PRECEDENCE - 3;

	/**
	 * Before everything that reads a body, so that only clients with a key cost memory.
	 */
	public static final int API_KEY = Ordered.LOWEST_PRECEDENCE - 2;

	/** After all filters that add headers, as it ends the chain for stored images. */
	public static final int STORED_IMAGE = Ordered.LOWEST_PRECEDENCE - 1;

	/** Last, as only the controllers read a body. */
	public static final int ASSUME_JSON = Ordered.LOWEST_PRECEDENCE;

	private FilterOrder() {
	}

}
