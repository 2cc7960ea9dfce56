package io.github.akashgen2api.akash;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import org.springframework.web.client.RestClient;

/**
 * The session that all requests share: fetched when first needed, once however many wait
 * for it, and anew when its life ends or AkashGen refuses it. AkashGen's own renewal is
 * not used; it is rate limited, and a new session is as good.
 */
@Component
class SessionProvider {

	private static final DataSize MAX_BODY = DataSize.ofKilobytes(64);

	private final AvailabilityGuard availability;

	private final UpstreamClient upstream;

	private final @Nullable AccessToken accessToken;

	/** Whether the access token's digest was what worked last. */
	private final AtomicBoolean wantsDigest = new AtomicBoolean();

	/** A cache of one: it brings the life, and one fetch for all who wait. */
	private final AsyncLoadingCache<Class<Session>, Session> session;

	SessionProvider(UpstreamClientFactory upstream, AvailabilityGuard availability, AkashGenProperties settings) {
		this.availability = availability;
		this.upstream = upstream.client("a session", settings.sessionTimeout(), MAX_BODY);
		this.accessToken = settings.accessToken();
		this.session = Caffeine.newBuilder()
			.executor(Executors.newVirtualThreadPerTaskExecutor())
			.expireAfter(Expiry.<Class<Session>, Session>creating((_, session) -> session.life()))
			.buildAsync((_) -> fetch());
		if (settings.sessionToken() != null) {
			this.session.put(Session.class,
					CompletableFuture.completedFuture(Session.brought(settings.sessionToken())));
		}
	}

	/**
	 * The session to use now.
	 * @throws AkashGenException if AkashGen gives none
	 */
	Session current() {
		return this.session.synchronous().get(Session.class);
	}

	/**
	 * Never use a session again. A newer one, which somebody else has fetched meanwhile,
	 * stays.
	 */
	void forget(Session refused) {
		this.session.synchronous().asMap().remove(Session.class, refused);
	}

	private Session fetch() {
		try {
			return read(ask());
		}
		catch (AkashGenException.ConnectionLost | AkashGenException.Timeout ex) {
			// Nothing was submitted yet, so a repeated request costs no image.
			throw new AkashGenException.Unavailable("AkashGen gives no session: " + ex.getMessage(), ex);
		}
	}

	private static Session read(UpstreamResponse answer) {
		if (answer.status() != 200 || answer.isWebPage()) {
			throw refusal(answer);
		}
		try {
			Session session = Session.read(answer.headers(HttpHeaders.SET_COOKIE));
			if (session.token() == null && !answer.isWhole()) {
				throw new AkashGenException.Unavailable("AkashGen gives no session: its answer was cut",
						answer.upstreamMessage(), answer.excerpt());
			}
			return session;
		}
		catch (IllegalArgumentException ex) {
			throw new AkashGenException.UnexpectedAnswer("AkashGen's session cookie cannot be used", ex.getMessage(),
					answer.excerpt());
		}
	}

	/** Each version of AkashGen takes the access token in another form. */
	private UpstreamResponse ask() {
		AccessToken.Form form = this.wantsDigest.get() ? AccessToken.Form.DIGEST : AccessToken.Form.PLAIN;
		UpstreamResponse answer = ask(form);
		if (this.accessToken != null && UpstreamErrorMapper.isInvalidAccessToken(answer)) {
			answer = ask(form.other());
			if (answer.status() == 200) {
				this.wantsDigest.set(form.other() == AccessToken.Form.DIGEST);
			}
		}
		return answer;
	}

	private UpstreamResponse ask(AccessToken.Form form) {
		// Without the old cookie: given a valid one, the version of May 2026 sets none.
		return this.availability.guard(() -> {
			RestClient.RequestHeadersSpec<?> request = this.upstream.get("/api/auth/session/");
			return this.upstream.exchange((this.accessToken != null)
					? request.header(HttpHeaders.AUTHORIZATION, this.accessToken.bearer(form)) : request);
		});
	}

	private static AkashGenException refusal(UpstreamResponse answer) {
		if (answer.status() >= 500) {
			return UpstreamErrorMapper.noSession(answer);
		}
		if (answer.status() == 403 && !answer.isWebPage()) {
			return new AkashGenException.SessionRefused("AkashGen refuses to give a session", answer.upstreamMessage(),
					answer.excerpt());
		}
		return UpstreamErrorMapper.unexpected(answer);
	}

}
