package io.github.akashgen2api.akash;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Service;
import org.springframework.util.unit.DataSize;
import org.springframework.web.client.RestClient;

/**
 * Speaks to AkashGen: submits conversations, asks for the status of jobs, fetches
 * pictures. Each call is one request; only a submit that met a refused session is
 * repeated, once, as nothing ran then.
 */
@Service
public class AkashGenClient {

	private static final DataSize MAX_CHAT_BODY = DataSize.ofMegabytes(1);

	private static final DataSize MAX_PICTURE = DataSize.ofMegabytes(16);

	/**
	 * A question takes a tenth of a megabyte, and half of one while a picture comes in:
	 * 1,000 at once, each for a job that had just ended, ran out of 256 MB.
	 */
	private static final int QUESTIONS_AT_ONCE = Math.clamp(Runtime.getRuntime().maxMemory() / (2 * 1024 * 1024), 16,
			1024);

	/** A picture of 135 KB is one of about 100 there, in 256 MB. */
	private final PictureShelf shelf = new PictureShelf(Runtime.getRuntime().maxMemory() / 8);

	private final Sessions sessions;

	private final Outage outage;

	private final @Nullable FurtherCookies furtherCookies;

	private final JsonMapper json;

	private final InstantSource clock;

	private final Wire submits;

	private final StatusQuestions questions;

	private final Wire downloads;

	private volatile AkashGenException.@Nullable RateLimited pause;

	AkashGenClient(Upstream upstream, Sessions sessions, Outage outage, AkashGenSettings settings, JsonMapper json,
			InstantSource clock) {
		this.sessions = sessions;
		this.outage = outage;
		this.furtherCookies = settings.cookie();
		this.json = json;
		this.clock = clock;
		this.submits = upstream.wire("a picture", settings.submitTimeout(), MAX_CHAT_BODY);
		this.questions = new StatusQuestions(
				upstream.wire("a status", settings.pollTimeout(), StatusQuestions.MAX_BODY), settings.baseUrl(),
				QUESTIONS_AT_ONCE);
		this.downloads = upstream.wire("a picture's bytes", settings.pictureTimeout(), MAX_PICTURE);
	}

	/**
	 * Have a picture queued.
	 * @param conversation the conversation so far; AkashGen heeds its last three messages
	 * @return the job, which goes on whatever becomes of the caller
	 * @throws AkashGenException if none was queued, or it is not known whether one was
	 */
	public Job submit(List<Message> conversation) {
		refuseDuringPause();
		ChatRequest request = ChatRequest.of(UUID.randomUUID().toString().replace("-", "").substring(0, 16),
				conversation);
		Session session = this.sessions.current();
		Answer answer = submit(request, session);
		if (Judgement.isInvalidSession(answer)) {
			this.sessions.forget(session);
			session = this.sessions.current();
			answer = submit(request, session);
		}
		if (Judgement.isInvalidSession(answer)) {
			this.sessions.forget(session);
		}
		try {
			return Judgement.job(answer, this.json, this.clock.instant());
		}
		catch (AkashGenException.RateLimited ex) {
			this.pause = ex;
			throw ex;
		}
	}

	private void refuseDuringPause() {
		AkashGenException.RateLimited last = this.pause;
		if (last != null && this.clock.instant().isBefore(last.until())) {
			throw new AkashGenException.RateLimited(last.until(), last.words(), last.answer());
		}
	}

	private Answer submit(ChatRequest request, Session session) {
		return this.outage.guard(() -> this.submits.exchange((client) -> {
			RestClient.RequestBodySpec spec = client.post()
				.uri("/api/chat/")
				.contentType(MediaType.APPLICATION_JSON)
				.body(request);
			String cookies = session.cookies(this.furtherCookies);
			return (cookies != null) ? spec.header(HttpHeaders.COOKIE, cookies) : spec;
		}));
	}

	/**
	 * Ask where a job stands.
	 * @throws AkashGenException if AkashGen does not tell; asking again may help
	 */
	public JobStatus statusOf(JobId id) {
		return this.questions.statusOf(id, this.shelf);
	}

	/**
	 * Ask where several jobs stand, in one request.
	 * @param ids two or more, each once
	 * @return the status of each job that AkashGen speaks of; it may leave some out
	 * @throws AkashGenException if AkashGen does not tell. Where it has answered, it may
	 * tell of each job alone: one that it does not know can spoil the answer for all
	 */
	public Map<JobId, JobStatus> statusesOf(List<JobId> ids) {
		return this.questions.statusesOf(ids, this.shelf);
	}

	/**
	 * Fetch the picture of a finished job.
	 * @throws AkashGenException.NoPicture if it never can be had
	 * @throws AkashGenException if it did not come; asking again may help
	 */
	public Picture fetch(Picture.Location location) {
		return switch (location) {
			case Picture.Location.File file -> download(file);
			case Picture.Location.Inline inline -> take(inline);
			case Picture.Location.Undecodable undecodable -> throw isNone(undecodable.reason());
			case Picture.Location.Foreign foreign -> throw new AkashGenException.NoPicture(
					"AkashGen's picture lies where this service does not look", foreign.result());
		};
	}

	private Picture take(Picture.Location.Inline inline) {
		byte[] bytes = this.shelf.take(inline.mark());
		return (bytes != null) ? judge(bytes) : askAgain(inline.id());
	}

	/** For a picture that was forgotten. This answer's are not put to the others. */
	private Picture askAgain(JobId id) {
		PictureShelf own = new PictureShelf(Long.MAX_VALUE);
		JobStatus status = this.questions.statusOf(id, own);
		if (!(status instanceof JobStatus.Succeeded succeeded)) {
			throw noLongerTold(status);
		}
		if (!(succeeded.location() instanceof Picture.Location.Inline inline)) {
			return fetch(succeeded.location());
		}
		byte[] bytes = own.take(inline.mark());
		if (bytes == null) {
			throw noLongerTold(status);
		}
		return judge(bytes);
	}

	private static AkashGenException noLongerTold(JobStatus status) {
		return new AkashGenException.UnexpectedAnswer("AkashGen no longer tells of the picture", null, status.answer());
	}

	private static Picture judge(byte[] bytes) {
		try {
			return Picture.of(bytes);
		}
		catch (IllegalArgumentException ex) {
			throw isNone(ex.getMessage());
		}
	}

	private static AkashGenException.NoPicture isNone(@Nullable String reason) {
		return new AkashGenException.NoPicture("AkashGen's picture is none: " + reason, "");
	}

	private Picture download(Picture.Location.File file) {
		Answer answer = this.downloads
			.exchange((client) -> client.get().uri(Picture.Location.FOLDER + "{name}", file.name()));
		if (answer.status() != 200 || !answer.isWhole()) {
			throw Judgement.unexpected(answer);
		}
		try {
			return Picture.of(answer.body());
		}
		catch (IllegalArgumentException ex) {
			throw new AkashGenException.UnexpectedAnswer("AkashGen's picture is none: " + ex.getMessage(), null,
					answer.excerpt());
		}
	}

}
