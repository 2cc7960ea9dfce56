package io.github.akashgen2api.akash;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

import io.github.akashgen2api.budget.ProcessorShare;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Service;
import org.springframework.util.unit.DataSize;
import org.springframework.web.client.RestClient;

/**
 * Speaks to AkashGen: submits conversations, asks for the status of jobs, fetches images.
 * Each call is one request; only a submit that met a refused session is repeated, once,
 * as nothing ran then.
 */
@Service
public class AkashGenClient {

	/** Prompts of 5,000 characters come in 20 KB at most. */
	private static final DataSize MAX_CHAT_BODY = DataSize.ofKilobytes(64);

	/** Of an answer that is not what was requested, as much as says why. */
	private static final DataSize MAX_ERROR_BODY = DataSize.ofKilobytes(64);

	private static final int MAX_IMAGE = 16 * 1024 * 1024;

	private static final int BUFFER = 16 * 1024;

	/** A question takes up to two megabytes, if the headers of its answer do not end. */
	private static final int QUESTIONS_AT_ONCE = Math.clamp(Runtime.getRuntime().maxMemory() / (2 * 1024 * 1024), 16,
			1024);

	private final SessionProvider sessions;

	private final AvailabilityGuard availability;

	private final @Nullable ExtraCookies extraCookies;

	private final JsonMapper json;

	private final InstantSource clock;

	private final UpstreamClient submits;

	private final StatusClient statuses;

	private final UpstreamClient downloads;

	private final ImageSink images;

	private final ProcessorShare processors;

	/** Until when AkashGen's allowance is used up; {@code null} where it is not. */
	private final AtomicReference<@Nullable Pause> pause = new AtomicReference<>();

	/** An invalid session is refused at once, unless AkashGen cannot ask its store. */
	private final Duration slowRefusal;

	AkashGenClient(UpstreamClientFactory upstream, SessionProvider sessions, AvailabilityGuard availability,
			AkashGenProperties settings, ImageSink images, ProcessorShare processors, JsonMapper json,
			InstantSource clock) {
		this.sessions = sessions;
		this.availability = availability;
		this.extraCookies = settings.cookie();
		this.json = json;
		this.clock = clock;
		this.slowRefusal = settings.sessionTimeout().multipliedBy(9).dividedBy(10);
		this.submits = upstream.client("image generation", settings.submitTimeout(), MAX_CHAT_BODY);
		this.images = images;
		this.processors = processors;
		this.statuses = new StatusClient(upstream.client("job status", settings.pollTimeout(), MAX_ERROR_BODY),
				settings.baseUrl(), images, processors, QUESTIONS_AT_ONCE);
		this.downloads = upstream.client("the image", settings.imageTimeout(), MAX_ERROR_BODY);
	}

	/**
	 * Have an image queued.
	 * @param conversation the conversation so far; AkashGen heeds its last three messages
	 * @return the job, which goes on whatever becomes of the caller
	 * @throws AkashGenException if none was queued, or it is not known whether one was
	 */
	public Job submit(List<Message> conversation) {
		refuseDuringPause();
		UpstreamResponse answer = answerTo(
				ChatRequest.of(UUID.randomUUID().toString().replace("-", "").substring(0, 16), conversation));
		try {
			Job job = UpstreamErrorMapper.job(answer, this.json, this.clock.instant());
			this.pause.set(null);
			return job;
		}
		catch (AkashGenException.RateLimited ex) {
			this.pause.set(Pause.of(ex, this.clock.instant()));
			throw ex;
		}
	}

	private UpstreamResponse answerTo(ChatRequest request) {
		Session session = this.sessions.current();
		long start = System.nanoTime();
		UpstreamResponse answer = submit(request, session);
		if (!UpstreamErrorMapper.isInvalidSession(answer)) {
			return answer;
		}
		this.sessions.forget(session);
		if (System.nanoTime() - start >= this.slowRefusal.toNanos()) {
			// The caller has waited long enough; the next one hears of it from the
			// session that is missing then.
			throw UpstreamErrorMapper.noSession(answer);
		}
		session = this.sessions.current();
		answer = submit(request, session);
		if (UpstreamErrorMapper.isInvalidSession(answer)) {
			this.sessions.forget(session);
		}
		return answer;
	}

	/** A few submits may find out whether the allowance is used up still. */
	private void refuseDuringPause() {
		Pause current = this.pause.get();
		Instant now = this.clock.instant();
		if (current == null || !now.isBefore(current.reason().until())) {
			return;
		}
		boolean mayTry = !now.isBefore(current.nextTry())
				&& this.pause.compareAndSet(current, Pause.of(current.reason(), now));
		if (!mayTry) {
			AkashGenException.RateLimited last = current.reason();
			throw new AkashGenException.RateLimited(last.until(), last.upstreamMessage(), last.answer());
		}
	}

	private UpstreamResponse submit(ChatRequest request, Session session) {
		return this.availability.guard(() -> {
			RestClient.RequestHeadersSpec<?> post = this.submits.post("/api/chat/", request);
			String cookies = session.cookies(this.extraCookies);
			return this.submits.exchange((cookies != null) ? post.header(HttpHeaders.COOKIE, cookies) : post);
		});
	}

	/**
	 * Ask where a job stands.
	 * @throws AkashGenException if AkashGen does not tell; asking again may help
	 */
	public JobStatus statusOf(JobId id) {
		return this.statuses.statusOf(id);
	}

	/**
	 * Ask where several jobs stand, in one request.
	 * @param ids two or more, each once
	 * @return the status of each job that AkashGen speaks of; it may leave some out
	 * @throws AkashGenException if AkashGen does not tell. Where it has answered, it may
	 * tell of each job alone: one that it does not know can spoil the answer for all
	 */
	public Map<JobId, JobStatus> statusesOf(List<JobId> ids) {
		return this.statuses.statusesOf(ids);
	}

	/**
	 * Fetch the image of a finished job into the {@link ImageSink}.
	 * @throws AkashGenException.InvalidImage if there is no image, and never will be
	 * @throws AkashGenException if it did not come; asking again may help
	 * @throws ImageStorageException if it came, but cannot be kept
	 */
	public void fetch(JobId id, ImageLocation location) {
		switch (location) {
			case ImageLocation.File file -> download(id, file);
			case ImageLocation.Inline _ -> askAgain(id);
			case ImageLocation.Invalid invalid ->
				throw new AkashGenException.InvalidImage("AkashGen returned an invalid image: " + invalid.reason(), "");
			case ImageLocation.Foreign foreign -> throw new AkashGenException.InvalidImage(
					"AkashGen's image lies where this service does not look", foreign.result());
		}
	}

	/** For an image that came with a status and is no longer kept: it comes again. */
	private void askAgain(JobId id) {
		JobStatus status = statusOf(id);
		if (!(status instanceof JobStatus.Succeeded succeeded)) {
			throw new AkashGenException.UnexpectedAnswer("AkashGen no longer has the image", null, status.answer());
		}
		if (!(succeeded.location() instanceof ImageLocation.Inline)) {
			fetch(id, succeeded.location());
		}
	}

	private void download(JobId id, ImageLocation.File file) {
		this.downloads.exchange(this.downloads.get(ImageLocation.FOLDER + file.name()), (answer) -> {
			store(id, answer);
			return id;
		}, (answer) -> {
			throw UpstreamErrorMapper.unexpected(answer);
		});
	}

	private void store(JobId id, StreamedResponse answer) {
		if (answer.headers().getContentLength() > MAX_IMAGE) {
			throw UpstreamErrorMapper.unexpected(answer.answer(new byte[0], UpstreamResponse.End.TOO_LARGE));
		}
		byte[] buffer = new byte[BUFFER];
		byte[] start = {};
		try (InputStream body = this.processors.inTurn(answer.body()); UncommittedImage image = this.images.open()) {
			int length = 0;
			for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
				start = (length == 0) ? Arrays.copyOf(buffer, Math.min(read, UpstreamResponse.EXCERPT_BYTES)) : start;
				length += read;
				if (length > MAX_IMAGE) {
					throw UpstreamErrorMapper.unexpected(answer.answer(start, UpstreamResponse.End.TOO_LARGE));
				}
				image.write(buffer, 0, read);
			}
			image.commit(id);
		}
		catch (InvalidImageException ex) {
			throw new AkashGenException.UnexpectedAnswer("AkashGen returned an invalid image: " + ex.getMessage(), null,
					answer.excerpt(start));
		}
		catch (IOException ex) {
			throw UpstreamErrorMapper.unexpected(answer.answer(start, answer.endAfter(ex)));
		}
	}

	/**
	 * A time in which AkashGen takes no submits.
	 *
	 * @param reason AkashGen's refusal, which says until when
	 * @param nextTry when one submit may find out whether that is still so
	 */
	private record Pause(AkashGenException.RateLimited reason, Instant nextTry) {

		private static final Duration BETWEEN_TRIES = Duration.ofMinutes(10);

		static Pause of(AkashGenException.RateLimited reason, Instant now) {
			return new Pause(reason, now.plus(BETWEEN_TRIES));
		}

	}

}
