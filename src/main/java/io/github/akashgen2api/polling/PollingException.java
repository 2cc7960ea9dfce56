package io.github.akashgen2api.polling;

import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.JobStatus;
import io.github.akashgen2api.akash.ResponseExcerpt;
import org.jspecify.annotations.Nullable;

/**
 * A job that was waited for has no image, or none yet.
 */
public abstract sealed class PollingException extends RuntimeException {

	private final JobId jobId;

	private final transient @Nullable ResponseExcerpt answer;

	private PollingException(JobId jobId, String message, @Nullable ResponseExcerpt answer, @Nullable Throwable cause) {
		super(message, cause);
		this.jobId = jobId;
		this.answer = answer;
	}

	/**
	 * The job that was waited for.
	 */
	public JobId jobId() {
		return this.jobId;
	}

	/**
	 * AkashGen's last answer; {@code null} where none came.
	 */
	public @Nullable ResponseExcerpt answer() {
		return this.answer;
	}

	/**
	 * AkashGen's own words in the message, which may repeat the prompt; empty where the
	 * message has none.
	 */
	public String upstreamMessage() {
		return "";
	}

	/**
	 * Report a job that has not ended.
	 * @param message what to say, unless AkashGen did not tell or uses an unknown word
	 * @param status what AkashGen told last; {@code null} if nothing
	 * @param error why AkashGen did not tell the last time; {@code null} if it did
	 */
	public static PollingException unfinished(JobId jobId, String message, @Nullable JobStatus status,
			@Nullable AkashGenException error) {
		if (error != null) {
			return new PollError(jobId, error);
		}
		return (status instanceof JobStatus.Unrecognised unrecognised) ? JobTimeout.unrecognised(jobId, unrecognised)
				: new JobTimeout(jobId, message, (status != null) ? status.answer() : null);
	}

	/** AkashGen gave the job up. The message is its reason. */
	public static final class JobFailed extends PollingException {

		/**
		 * Report a job that was given up.
		 * @param reason the words that AkashGen has for it
		 */
		JobFailed(JobId jobId, String reason, ResponseExcerpt answer) {
			super(jobId, reason, answer, null);
		}

		@Override
		public String upstreamMessage() {
			return String.valueOf(getMessage());
		}

	}

	/** AkashGen does not know the job. The message says so. */
	public static final class JobUnknown extends PollingException {

		/**
		 * Report a job that is not known.
		 * @param answer the answer that said so
		 */
		JobUnknown(JobId jobId, ResponseExcerpt answer) {
			super(jobId, "AkashGen does not know this job", answer, null);
		}

	}

	/** AkashGen calls the job done, but shows no image. */
	public static final class ImageMissing extends PollingException {

		ImageMissing(JobId jobId, ResponseExcerpt answer) {
			super(jobId, "AkashGen reports success without an image", answer, null);
		}

	}

	/** The job had not ended after the last attempt. The image may still come. */
	public static final class JobTimeout extends PollingException {

		private final String upstreamMessage;

		/**
		 * Report a job that has not ended.
		 * @param message how it stands
		 * @param answer the last answer about it; {@code null} without one
		 */
		public JobTimeout(JobId jobId, String message, @Nullable ResponseExcerpt answer) {
			this(jobId, message, "", answer);
		}

		private JobTimeout(JobId jobId, String message, String upstreamMessage, @Nullable ResponseExcerpt answer) {
			super(jobId, message, answer, null);
			this.upstreamMessage = upstreamMessage;
		}

		private static JobTimeout unrecognised(JobId jobId, JobStatus.Unrecognised status) {
			return new JobTimeout(jobId,
					"AkashGen last called the job '" + status.word() + "', which this service does not know",
					status.word(), status.answer());
		}

		@Override
		public String upstreamMessage() {
			return this.upstreamMessage;
		}

	}

	/**
	 * This service ended twice while it asked for the job, and asks for it no more.
	 */
	public static final class JobGivenUp extends PollingException {

		/**
		 * Report a job that is not asked for.
		 */
		public JobGivenUp(JobId jobId) {
			super(jobId, "The service ended twice while it asked AkashGen for this job, and has given it up", null,
					null);
		}

	}

	/** Too many jobs that nobody follows are asked about. AkashGen was not asked. */
	public static final class TooManyLookups extends PollingException {

		TooManyLookups(JobId jobId) {
			super(jobId, "Too many images are looked up at once", null, null);
		}

	}

	/** Too many clients without a key wait. */
	public static final class TooManyWaits extends PollingException {

		/**
		 * Refuse a client that would wait.
		 */
		public TooManyWaits(JobId jobId) {
			super(jobId, "Too many clients wait for images at once", null, null);
		}

	}

	/**
	 * The last attempt met trouble, so where the job stands is not known. The image may
	 * still come.
	 */
	public static final class PollError extends PollingException {

		PollError(JobId jobId, AkashGenException cause) {
			super(jobId, String.valueOf(cause.getMessage()), cause.answer(), cause);
		}

	}

}
