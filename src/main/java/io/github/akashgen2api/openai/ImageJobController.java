package io.github.akashgen2api.openai;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.akashgen2api.generation.GenerationHandle;
import io.github.akashgen2api.generation.ImageGenerationService;
import io.github.akashgen2api.generation.JobWatch;
import io.github.akashgen2api.jobs.Conversation;
import io.github.akashgen2api.jobs.ImageJob;
import io.github.akashgen2api.jobs.JobRegistry;
import io.github.akashgen2api.jobs.JobRequest;
import io.github.akashgen2api.web.body.TextCountingStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Jobs that a client starts, leaves, and comes back to. A key sees the jobs that it has
 * started, whichever way.
 */
@RestController
class ImageJobController {

	private static final String PATH = "/v1/jobs";

	private static final int MAX_PAGE = 100;

	private static final Duration MAX_WAIT = Duration.ofMinutes(1);

	/** Nobody is told that the place in the queue of submits has changed. */
	private static final Duration LOOK_AFTER = Duration.ofSeconds(1);

	/** RFC 7240, section 4.3. */
	private static final Pattern WAIT = Pattern
		.compile("(?i)(?:^|[,;])\\s*wait\\s*=\\s*\"?(\\d{1,6})\"?\\s*(?:$|[,;])");

	private final ImageGenerationService generations;

	private final JobRegistry jobs;

	private final ImageJobMapper mapper;

	private final OpenAiProperties.Stream settings;

	private final JsonMapper json;

	ImageJobController(ImageGenerationService generations, JobRegistry jobs, ImageJobMapper mapper,
			OpenAiProperties settings, JsonMapper json) {
		this.generations = generations;
		this.jobs = jobs;
		this.mapper = mapper;
		this.settings = settings.stream();
		this.json = json;
	}

	/**
	 * Start a job. It goes on if the client disconnects.
	 * @param prefer {@code wait=<seconds>} to wait for the end of the job, a minute at
	 * most; {@code null} not to wait
	 * @return 200 if the job has ended while the client waited, otherwise 202
	 * @throws InvalidRequestException if a field is wrong
	 */
	@PostMapping(PATH)
	ResponseEntity<ImageJobResponse> start(@RequestBody ImageJobRequest request,
			@RequestHeader(name = "Prefer", required = false) @Nullable String prefer, HttpServletRequest http) {
		JobRequest wanted = new JobRequest(RequestIdentities.of(http, 0), new Conversation(request.conversation()),
				request.checkedMetadata(), null);
		request.discardWords();
		// The queue of submits counts the text from here on.
		TextCountingStream.release(http);
		GenerationHandle generation = this.generations.begin(wanted, () -> false);
		DeliveryInterceptor.track(http, List.of(generation));
		Duration wait = wait(prefer);
		boolean hasEnded = generation.awaitEnd(wait);
		generation.detach();
		generation.beginAnswer();
		ImageJobResponse job = this.mapper.response(generation.imageJob().orElseThrow(JobNotFoundException::new), http);
		ResponseEntity.BodyBuilder answer = ResponseEntity
			.status((hasEnded && wait.isPositive()) ? HttpStatus.OK : HttpStatus.ACCEPTED)
			.location(URI.create(http.getContextPath() + PATH + "/" + job.id()))
			.header(DeliveryInterceptor.JOB_ID, job.id());
		return ((hasEnded && wait.isPositive()) ? answer.header("Preference-Applied", "wait=" + wait.toSeconds())
				: answer)
			.body(job);
	}

	private static Duration wait(@Nullable String prefer) {
		Matcher wait = WAIT.matcher(Objects.requireNonNullElse(prefer, ""));
		Duration wanted = wait.find() ? Duration.ofSeconds(Long.parseLong(wait.group(1))) : Duration.ZERO;
		return (wanted.compareTo(MAX_WAIT) < 0) ? wanted : MAX_WAIT;
	}

	/**
	 * Find a job.
	 * @param id the service's own id, or AkashGen's
	 * @throws JobNotFoundException if the key has no such job
	 */
	@GetMapping(PATH + "/{id}")
	ImageJobResponse find(@PathVariable String id, HttpServletRequest http, HttpServletResponse response) {
		response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
		return this.mapper.response(this.jobs.find(id, key(http)).orElseThrow(JobNotFoundException::new), http);
	}

	/**
	 * Forget a job and its image. AkashGen cannot be told to stop.
	 * @param id the service's own id, or AkashGen's
	 * @throws JobNotFoundException if the key has no such job
	 */
	@DeleteMapping(PATH + "/{id}")
	Deletion delete(@PathVariable String id, HttpServletRequest http) {
		ImageJob job = this.jobs.find(id, key(http)).orElseThrow(JobNotFoundException::new);
		this.generations.delete(job);
		return new Deletion(job.id(), ImageJobResponse.OBJECT, true);
	}

	/**
	 * List the jobs of the key, newest first.
	 * @param limit how many to list, 100 at most
	 * @param after the id of the last job of the page before; {@code null} for the first
	 * page
	 * @throws InvalidRequestException if the limit is out of range, or there is no such
	 * job
	 */
	@GetMapping({ PATH, PATH + "/" })
	Page list(@RequestParam(defaultValue = "20") int limit, @RequestParam(required = false) @Nullable String after,
			HttpServletRequest http, HttpServletResponse response) {
		if (limit < 1 || limit > MAX_PAGE) {
			throw new InvalidRequestException("limit", "must be a whole number from 1 to " + MAX_PAGE);
		}
		String before = (after != null)
				? this.jobs.find(after, key(http))
					.map(ImageJob::id)
					.orElseThrow(() -> new InvalidRequestException("after", "must be the id of one of your jobs"))
				: null;
		response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
		List<ImageJob> found = this.jobs.page(key(http), before, limit + 1);
		return Page.of(found.stream().limit(limit).map((job) -> this.mapper.response(job, http)).toList(),
				found.size() > limit);
	}

	/**
	 * Stream the job, at once and whenever it changes, until it has ended, or for
	 * {@code ANSWER_WITHIN}.
	 * @param id the service's own id, or AkashGen's
	 * @throws JobNotFoundException if the key has no such job
	 */
	@GetMapping(PATH + "/{id}/events")
	void events(@PathVariable String id, HttpServletRequest http, HttpServletResponse response) {
		ImageJob job = this.jobs.find(id, key(http)).orElseThrow(JobNotFoundException::new);
		try (JobWatch watch = this.generations.watch(job)) {
			SseWriter events = SseWriter.open(response, this.json);
			ImageJobResponse last = this.mapper.response(job, http);
			events.event("status", last);
			long written = System.nanoTime();
			while (!last.hasEnded() && watch.awaitChange(LOOK_AFTER)) {
				ImageJobResponse current = this.mapper.response(job, http);
				if (!current.equals(last)) {
					events.event("status", current);
					written = System.nanoTime();
				}
				else if (System.nanoTime() - written >= this.settings.interval().toNanos()) {
					events.comment(current.status());
					written = System.nanoTime();
				}
				last = current;
			}
		}
		catch (IOException ex) {
			// The client has disconnected.
		}
	}

	private static String key(HttpServletRequest http) {
		return Objects.requireNonNullElse(http.getRemoteUser(), "");
	}

	/**
	 * OpenAI's answer to a deletion.
	 *
	 * @param id the service's own id
	 * @param object always {@code image.job}
	 * @param deleted always {@code true}
	 */
	record Deletion(String id, String object, boolean deleted) {
	}

	/**
	 * OpenAI's list object.
	 *
	 * @param object always {@code list}
	 * @param data the jobs, newest first
	 * @param firstId the id of the first job; {@code null} if the page is empty
	 * @param lastId the id of the last job, after which the next page begins
	 * @param hasMore whether there are more jobs after it
	 */
	record Page(String object, List<ImageJobResponse> data, @JsonProperty("first_id") @Nullable String firstId,
			@JsonProperty("last_id") @Nullable String lastId, @JsonProperty("has_more") boolean hasMore) {

		static Page of(List<ImageJobResponse> data, boolean hasMore) {
			return new Page("list", data, data.isEmpty() ? null : data.getFirst().id(),
					data.isEmpty() ? null : data.getLast().id(), hasMore);
		}

	}

}
