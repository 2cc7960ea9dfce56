package io.github.akashgen2api.akash;

import java.time.Duration;

/**
 * Where a job stands. Every switch over it is exhaustive: a new state does not compile
 * until each reader has decided.
 */
public sealed interface JobStatus {

	/**
	 * The answer that said so.
	 */
	ResponseExcerpt answer();

	/** Not at its end yet, or not known to be: asking again may help. */
	sealed interface Unfinished extends JobStatus {

	}

	/**
	 * Queued or being painted.
	 *
	 * @param queuePosition jobs before this one, 0 where AkashGen does not say
	 * @param answer the answer that said so
	 */
	record Pending(int queuePosition, ResponseExcerpt answer) implements Unfinished {
	}

	/**
	 * A status word that this service does not know.
	 *
	 * @param word AkashGen's word for it
	 * @param answer the answer that said so
	 */
	record Unrecognised(String word, ResponseExcerpt answer) implements Unfinished {
	}

	/**
	 * AkashGen does not know the job: not visible yet, or gone.
	 *
	 * @param answer the answer that said so
	 */
	record Absent(ResponseExcerpt answer) implements Unfinished {
	}

	/**
	 * AkashGen reports success, but shows no image.
	 *
	 * @param answer the answer that said so
	 */
	record SucceededEmpty(ResponseExcerpt answer) implements Unfinished {
	}

	/**
	 * The image is made.
	 *
	 * @param location where it is
	 * @param painting how long AkashGen painted; 0 where it does not say
	 * @param answer the answer that said so
	 */
	record Succeeded(ImageLocation location, Duration painting, ResponseExcerpt answer) implements JobStatus {
	}

	/**
	 * AkashGen gave the job up.
	 *
	 * @param reason AkashGen's own words for it
	 * @param answer the answer that said so
	 */
	record Failed(String reason, ResponseExcerpt answer) implements JobStatus {
	}

}
