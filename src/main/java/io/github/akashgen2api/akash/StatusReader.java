package io.github.akashgen2api.akash;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * Reads AkashGen's answer to "where do these jobs stand" as it arrives: an array with a
 * row for each job. Its keys come and go, and it travels as {@code text/plain}. In the
 * older dialect (before 2025-06-29) a row holds the image itself, in base64: its bytes go
 * to an {@link ImageSink} as they arrive.
 */
final class StatusReader {

	private final JsonScanner json;

	private final Map<String, JobId> asked;

	private final ImageSink images;

	private final BaseUrl base;

	private final Function<byte[], ResponseExcerpt> excerpts;

	private final Map<JobId, JobStatus> statuses = new HashMap<>();

	private boolean isArray;

	private int rows;

	/** What is said in a row that names no job, where it is the first. */
	private @Nullable Row nameless;

	/**
	 * Prepare to read.
	 * @param asked the jobs that were asked for
	 * @param images where images go that come with the answer
	 * @param base where AkashGen is
	 * @param excerpts makes of the first bytes of something what is remembered of it
	 */
	StatusReader(InputStream body, List<JobId> asked, ImageSink images, BaseUrl base,
			Function<byte[], ResponseExcerpt> excerpts) {
		this.json = new JsonScanner(body);
		this.asked = HashMap.newHashMap(asked.size());
		asked.forEach((id) -> this.asked.put(id.value(), id));
		this.images = images;
		this.base = base;
		this.excerpts = excerpts;
	}

	/**
	 * Read to the end.
	 * @throws JsonScanner.MalformedException if it is no JSON, or ends in the middle
	 * @throws JsonScanner.TooLargeException if it is more than is read
	 * @throws IOException if the connection is lost. In all cases, what was said before
	 * stands
	 */
	void read() throws IOException {
		try {
			this.isArray = this.json.takeIf('[');
			if (this.isArray) {
				readRows();
			}
			else {
				this.json.skip();
			}
			if (this.json.peek() >= 0) {
				throw new JsonScanner.MalformedException();
			}
			takeNameless();
		}
		finally {
			if (this.nameless != null) {
				this.nameless.close();
			}
		}
	}

	private void readRows() throws IOException {
		if (this.json.takeIf(']')) {
			return;
		}
		do {
			this.json.peek();
			this.json.beginRow();
			this.rows++;
			if (this.json.peek() == '{') {
				readRow();
			}
			else {
				this.json.skip();
			}
		}
		while (this.json.takeIf(','));
		this.json.expect(']');
	}

	private void readRow() throws IOException {
		Row row = new Row();
		try {
			row.read();
			if (!row.hasId && this.rows == 1) {
				this.nameless = row;
				return;
			}
			JobId id = this.asked.get(row.id);
			if (id != null && !this.statuses.containsKey(id)) {
				this.statuses.put(id, row.status(id, (this.asked.size() > 1) ? row.excerpt() : excerpt()));
			}
		}
		finally {
			if (row != this.nameless) {
				row.close();
			}
		}
	}

	/** Of a job that was asked for alone, the only row need not give its name. */
	private void takeNameless() {
		if (this.nameless != null && this.rows == 1 && this.asked.size() == 1) {
			JobId id = this.asked.values().iterator().next();
			this.statuses.put(id, this.nameless.status(id, excerpt()));
		}
	}

	/** Whether the answer is an array, as it should be. */
	boolean isArray() {
		return this.isArray;
	}

	/** The status of each job of which something was said. */
	Map<JobId, JobStatus> statuses() {
		return this.statuses;
	}

	/** The first bytes of the answer, without images. */
	byte[] start() {
		return this.json.start();
	}

	private ResponseExcerpt excerpt() {
		return this.excerpts.apply(this.json.start());
	}

	private static String capped(String words) {
		return words.substring(0, Math.min(words.length(), AkashGenException.MAX_WORDS));
	}

	private static double number(String text) {
		try {
			double number = Double.parseDouble(text);
			return Double.isFinite(number) ? number : 0;
		}
		catch (NumberFormatException ex) {
			return 0;
		}
	}

	/** 0 for what is no plausible number of jobs. */
	private static int wholeNumber(String text) {
		double number = number(text);
		return (number >= 0 && number <= Integer.MAX_VALUE) ? (int) number : 0;
	}

	/**
	 * What is said of one job.
	 */
	private final class Row implements AutoCloseable {

		private boolean hasId;

		private String id = "";

		private String word = "";

		private String result = "";

		private String queuePosition = "";

		private String elapsedTime = "";

		private final Base64Image image = new Base64Image(StatusReader.this.images);

		void read() throws IOException {
			JsonScanner json = StatusReader.this.json;
			json.expect('{');
			if (json.takeIf('}')) {
				return;
			}
			do {
				switch (json.name()) {
					case "job_id" -> {
						this.hasId = true;
						this.id = json.scalar();
					}
					case "status" -> this.word = json.scalar();
					case "result" -> this.result = json.scalar(mayBeWanted() ? this.image : null).strip();
					case "queue_position" -> this.queuePosition = json.scalar();
					case "elapsed_time" -> this.elapsedTime = json.scalar();
					default -> json.skip();
				}
			}
			while (json.takeIf(','));
			json.expect('}');
		}

		/** As far as the row has told. */
		private boolean mayBeWanted() {
			JobId asked = StatusReader.this.asked.get(this.id);
			return !this.hasId || (asked != null && !StatusReader.this.statuses.containsKey(asked));
		}

		JobStatus status(JobId id, ResponseExcerpt answer) {
			return switch (plainWord()) {
				case "waiting", "pending" -> new JobStatus.Pending(wholeNumber(this.queuePosition), answer);
				case "succeeded", "completed" -> ended(id, answer);
				case "failed", "cancelled", "timeout", "error" -> new JobStatus.Failed(this.result.isEmpty()
						? "AkashGen ended the job with the status '" + capped(this.word) + "'" : capped(this.result),
						answer);
				default -> new JobStatus.Unrecognised(capped(this.word), answer);
			};
		}

		private String plainWord() {
			return this.word.strip().toLowerCase(Locale.ROOT);
		}

		private JobStatus ended(JobId id, ResponseExcerpt answer) {
			if (this.result.isEmpty()) {
				return new JobStatus.SucceededEmpty(answer);
			}
			if (this.result.startsWith("Failed")) {
				return new JobStatus.Failed(capped(this.result), answer);
			}
			ImageLocation location = JsonScanner.isDataUrl(this.result) ? this.image.commit(id)
					: ImageLocation.of(this.result, StatusReader.this.base);
			// In seconds, and no longer than a day.
			Duration painting = Duration.ofMillis((long) (1000 * Math.clamp(number(this.elapsedTime), 0, 86_400)));
			return new JobStatus.Succeeded(location, painting, answer);
		}

		/**
		 * What is remembered of the row. Of one that says what most say, every second, of
		 * thousands of jobs, nothing of its own is.
		 */
		ResponseExcerpt excerpt() {
			boolean isPending = Set.of("waiting", "pending").contains(plainWord());
			return isPending ? StatusReader.this.excerpt()
					: StatusReader.this.excerpts.apply(StatusReader.this.json.rowStart());
		}

		@Override
		public void close() {
			this.image.close();
		}

	}

}
