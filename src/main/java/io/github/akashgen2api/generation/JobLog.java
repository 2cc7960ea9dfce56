package io.github.akashgen2api.generation;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.Job;
import io.github.akashgen2api.akash.ResponseExcerpt;
import io.github.akashgen2api.budget.TooMuchTextException;
import io.github.akashgen2api.images.ImageUnavailableException;
import io.github.akashgen2api.jobs.ImageJob;
import io.github.akashgen2api.jobs.JobDeletedException;
import io.github.akashgen2api.jobs.JobTimings;
import io.github.akashgen2api.polling.PollingException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

import org.springframework.stereotype.Component;

/**
 * One line for each job at its end, from which an operator can tell whose fault it was
 * that there is no image, and where the time went.
 */
@Component
class JobLog {

	private static final Logger logger = LoggerFactory.getLogger(JobLog.class);

	private final GenerationProperties settings;

	private final LogRedactor redactor;

	JobLog(GenerationProperties settings, LogRedactor redactor) {
		this.settings = settings;
		this.redactor = redactor;
	}

	/**
	 * Log how a job ended.
	 * @param failure why there is no image; {@code null} if there is one
	 */
	void ended(ImageJob imageJob, @Nullable Throwable failure, Instant now) {
		Map<String, Object> facts = new LinkedHashMap<>();
		Job job = imageJob.upstream();
		JobTimings timings = imageJob.timings(now);
		facts.put("jobId", (job != null) ? job.id() : "-");
		facts.put("caller", imageJob.key());
		facts.put("requestId", imageJob.requestId());
		facts.put("outcome", outcome(failure));
		facts.put("fault", fault(failure));
		facts.put("submitMs", timings.submit().toMillis());
		facts.put("queueMs", timings.queue().toMillis());
		facts.put("paintMs", timings.paint().toMillis());
		facts.put("deliveryMs", timings.delivery().toMillis());
		facts.put("attempts", timings.attempts());
		if (this.settings.logPrompts() && job != null) {
			facts.put("prompt", ResponseExcerpt.printable(job.prompt()));
		}
		if (failure != null) {
			facts.put("reason", this.redactor.text(String.valueOf(failure.getMessage()), failure));
			facts.put("answer", this.redactor.answer(answer(failure)));
		}
		LoggingEventBuilder line = (failure != null) ? logger.atWarn() : logger.atInfo();
		for (Map.Entry<String, Object> fact : facts.entrySet()) {
			line = line.addKeyValue(fact.getKey(), fact.getValue());
		}
		line.log(facts.entrySet().stream().map(Object::toString).collect(Collectors.joining(" ", "Job ended: ", "")));
	}

	private static @Nullable ResponseExcerpt answer(Throwable failure) {
		return switch (failure) {
			case AkashGenException ex -> ex.answer();
			case PollingException ex -> ex.answer();
			case ImageUnavailableException ex -> answer(ex.reason());
			default -> null;
		};
	}

	private static String outcome(@Nullable Throwable failure) {
		return switch (failure) {
			case null -> "succeeded";
			case JobDeletedException _ -> "deleted";
			case AkashGenException.TextAnswer _ -> "text_answer";
			case AkashGenException _, CapacityExceededException _, TooMuchTextException _ -> "not_queued";
			case PollingException.JobTimeout _ -> "timed_out";
			case PollingException.PollError _, PollingException.JobGivenUp _, ImageUnavailableException _,
					OutcomeUnknownException _ ->
				"lost";
			default -> "failed";
		};
	}

	/** Whom an operator has to look at. */
	private static String fault(@Nullable Throwable failure) {
		return switch (failure) {
			case null -> "none";
			case AkashGenException.SessionRefused _ -> "session";
			case AkashGenException.RateLimited _ -> "allowance";
			case AkashGenException.PromptRefused _, AkashGenException.TextAnswer _, JobDeletedException _ -> "caller";
			case AkashGenException.InvalidImage _ -> "akashgen";
			case AkashGenException ex -> (ex.answer() != null) ? "akashgen" : "network";
			case PollingException ex -> (ex.getCause() != null) ? fault(ex.getCause()) : "akashgen";
			case ImageUnavailableException ex -> fault(ex.reason());
			default -> "service";
		};
	}

}
