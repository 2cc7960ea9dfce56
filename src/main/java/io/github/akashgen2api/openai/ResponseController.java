package io.github.akashgen2api.openai;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.Job;
import io.github.akashgen2api.akash.Message;
import io.github.akashgen2api.generation.GenerationHandle;
import io.github.akashgen2api.generation.ImageGenerationService;
import io.github.akashgen2api.jobs.Conversation;
import io.github.akashgen2api.jobs.ImageJob;
import io.github.akashgen2api.jobs.JobRegistry;
import io.github.akashgen2api.jobs.JobRequest;
import io.github.akashgen2api.web.body.TextCountingStream;
import io.github.akashgen2api.web.server.ClientConnection;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * OpenAI's responses, answered with an image, or with a message that shows it.
 */
@RestController
class ResponseController {

	private static final String PATH = "/v1/responses";

	private final AuxiliaryRequests auxiliaryRequests;

	private final ImageGenerationService generations;

	private final JobRegistry jobs;

	private final ResponseOutputs outputs;

	private final ResponseStreamer stream;

	private final JsonMapper json;

	private final InstantSource clock;

	ResponseController(AuxiliaryRequests auxiliaryRequests, ImageGenerationService generations, JobRegistry jobs,
			ResponseOutputs outputs, ResponseStreamer stream, JsonMapper json, InstantSource clock) {
		this.auxiliaryRequests = auxiliaryRequests;
		this.generations = generations;
		this.jobs = jobs;
		this.outputs = outputs;
		this.stream = stream;
		this.json = json;
		this.clock = clock;
	}

	/**
	 * Generate the image that the input describes.
	 * @return the response; {@code null} if it was streamed
	 * @throws InvalidRequestException if a field is wrong
	 */
	@PostMapping(PATH)
	@Nullable ResponseObject respond(@RequestBody ResponseRequest request, HttpServletRequest http,
			HttpServletResponse response) {
		ResponseForm form = request.form();
		JobRequest wanted = new JobRequest(RequestIdentities.of(http, 0), conversation(request, http),
				request.checkedMetadata(), this.json.writeValueAsString(form));
		Optional<AssistantMessage> auxiliary = this.auxiliaryRequests.answer(request.toChat(),
				wanted.conversation().messages());
		request.discardInput();
		if (auxiliary.isPresent()) {
			return answer(auxiliary.get().content(), wanted, form, request.isStreamed(), response);
		}
		// The queue of submits counts the text from here on.
		TextCountingStream.release(http);
		GenerationHandle generation = this.generations.begin(wanted,
				form.background() ? () -> false : ClientConnection.of(http));
		DeliveryInterceptor.name(List.of(generation), response);
		if (request.isStreamed()) {
			stream(generation, form, http, response);
			return null;
		}
		DeliveryInterceptor.track(http, List.of(generation));
		if (form.background()) {
			var _ = generation.awaitEnd(Duration.ZERO);
			generation.detach();
			generation.beginAnswer();
			return response(job(generation), http);
		}
		try {
			ResponseOutput output = output(generation, form, http);
			ImageJob job = job(generation);
			return ResponseObject.begun(job, form).completed(output, end(job));
		}
		finally {
			generation.beginAnswer();
		}
	}

	private void stream(GenerationHandle generation, ResponseForm form, HttpServletRequest http,
			HttpServletResponse response) {
		boolean isDelivered = false;
		try {
			isDelivered = this.stream.write(generation, form, () -> output(generation, form, http), http, response);
		}
		finally {
			if (isDelivered) {
				generation.markDelivered();
			}
			else {
				generation.disconnect();
			}
		}
	}

	private @Nullable ResponseObject answer(String text, JobRequest request, ResponseForm form, boolean isStreamed,
			HttpServletResponse response) {
		String digits = UUID.randomUUID().toString().replace("-", "");
		ResponseOutput.Message message = ResponseOutput.Message.of(digits, text);
		ResponseObject begun = ResponseObject.begun(digits, this.clock.instant(), request.metadata(), form);
		if (isStreamed) {
			this.stream.write(message, begun, response);
			return null;
		}
		return begun.completed(message, this.clock.instant());
	}

	/** Waits for the image, or for a text in its place. */
	private ResponseOutput output(GenerationHandle generation, ResponseForm form, HttpServletRequest http) {
		try {
			generation.awaitImage();
			return this.outputs.of(job(generation), generation.awaitJob(), form, http);
		}
		catch (AkashGenException.TextAnswer ex) {
			return ResponseOutput.Message.of(ResponseObject.digits(job(generation)), ex.text());
		}
		catch (AkashGenException.PromptRefused ex) {
			throw new InvalidRequestException("input", "is refused: " + ex.upstreamMessage(), ex);
		}
	}

	private static ImageJob job(GenerationHandle generation) {
		return generation.imageJob().orElseThrow(JobNotFoundException::new);
	}

	/**
	 * Find a response, or another job, which is a message that shows the image.
	 * @param id of the response
	 * @param isStreamed must not be {@code true}
	 * @throws JobNotFoundException if the key has no such response
	 */
	@GetMapping(PATH + "/{id}")
	ResponseObject find(@PathVariable String id,
			@RequestParam(name = "stream", defaultValue = "false") boolean isStreamed, HttpServletRequest http,
			HttpServletResponse response) {
		if (isStreamed) {
			throw new InvalidRequestException("stream",
					"must not be true: GET /v1/jobs/{id}/events streams the job, whose id is in X-Job-Id");
		}
		response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
		return response(this.jobs.find(ResponseObject.jobId(id), key(http)).orElseThrow(JobNotFoundException::new),
				http);
	}

	private ResponseObject response(ImageJob job, HttpServletRequest http) {
		ResponseForm form = (job.form() != null) ? this.json.readValue(job.form(), ResponseForm.class)
				: ResponseForm.MESSAGE;
		Job upstream = job.upstream();
		ResponseObject response = ResponseObject.of(job, form);
		return (job.state() == ImageJob.State.SUCCEEDED && upstream != null)
				? response.completed(this.outputs.of(job, upstream, form, http), end(job)) : response;
	}

	private static Instant end(ImageJob job) {
		return Objects.requireNonNullElse(job.snapshot().completed(), job.since());
	}

	/** The input, after the conversation of the response that it continues. */
	private Conversation conversation(ResponseRequest request, HttpServletRequest http) {
		List<Message> messages = request.messages();
		if (request.previousResponseId() != null && request.conversation() != null) {
			throw new InvalidRequestException("conversation", "must not be sent together with previous_response_id");
		}
		if (request.previousResponseId() != null) {
			return after(request.previousResponseId(), "previous_response_id", messages, http);
		}
		return (request.conversation() != null) ? after(request.conversation(), "conversation", messages, http)
				: new Conversation(messages);
	}

	private Conversation after(String id, String field, List<Message> messages, HttpServletRequest http) {
		ImageJob job = this.jobs.find(ResponseObject.jobId(id), key(http))
			.orElseThrow(() -> new InvalidRequestException(field, "must be the id of one of your responses"));
		return this.jobs.continued(job, messages);
	}

	private static String key(HttpServletRequest http) {
		return Objects.requireNonNullElse(http.getRemoteUser(), "");
	}

	/**
	 * Refuse to cancel a response.
	 * @throws UnsupportedEndpointException always
	 */
	@PostMapping(PATH + "/{id}/cancel")
	void cancel(@PathVariable String id) {
		throw new UnsupportedEndpointException("Responses cannot be cancelled, as AkashGen cannot be told to stop");
	}

	/**
	 * Refuse to delete a response.
	 * @throws UnsupportedEndpointException always
	 */
	@DeleteMapping(PATH + "/{id}")
	void delete(@PathVariable String id) {
		throw new UnsupportedEndpointException(
				"Responses cannot be deleted; DELETE /v1/jobs/{id} deletes a job, whose id is in X-Job-Id");
	}

}
