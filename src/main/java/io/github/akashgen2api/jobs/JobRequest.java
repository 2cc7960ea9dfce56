package io.github.akashgen2api.jobs;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A request for one image.
 *
 * @param identity by which the same request is found
 * @param conversation what the image shall show; it is dropped once AkashGen has taken it
 * @param metadata what the client attaches to the job
 * @param form how the client wants to be answered if it comes back for the image, in the
 * words of the endpoint; {@code null} if it does not matter
 */
public record JobRequest(RequestIdentity identity, Conversation conversation, Map<String, String> metadata,
		@Nullable String form) {

	/** Keeps the order of the metadata. */
	public JobRequest {
		metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
	}

	/**
	 * A request without metadata.
	 */
	public JobRequest(RequestIdentity identity, Conversation conversation) {
		this(identity, conversation, Map.of(), null);
	}

}
