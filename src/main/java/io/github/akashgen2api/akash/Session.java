package io.github.akashgen2api.akash;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * What AkashGen knows us by for a while.
 *
 * @param token the cookie's value, secret; {@code null} where AkashGen wants none
 * @param life how long from now on it may be used
 */
record Session(@Nullable SessionToken token, Duration life) {

	static final String COOKIE = "session_token";

	private static final Pattern SET_COOKIE = Pattern.compile(COOKIE + "=([^;]*).*");

	private static final Pattern MAX_AGE = Pattern.compile(".*;\\s*Max-Age\\s*=\\s*(\\d{1,9})\\s*(?:;.*)?",
			Pattern.CASE_INSENSITIVE);

	/** AkashGen's own default life of a session. */
	private static final Duration DEFAULT_LIFE = Duration.ofMinutes(10);

	/**
	 * A session that the operator brought. When it ends, AkashGen will say so.
	 */
	static Session brought(SessionToken token) {
		return new Session(token, Duration.ofDays(36_500));
	}

	/**
	 * Read a new session.
	 * @param setCookies the {@code Set-Cookie} headers of the answer, one string each
	 * @return the session, one without a token where no cookie was set
	 * @throws IllegalArgumentException if the cookie's value cannot be sent back
	 */
	static Session read(List<String> setCookies) {
		for (String setCookie : setCookies) {
			Matcher cookie = SET_COOKIE.matcher(setCookie);
			if (cookie.matches() && !cookie.group(1).isBlank()) {
				Matcher maxAge = MAX_AGE.matcher(setCookie);
				Duration life = maxAge.matches() ? Duration.ofSeconds(Long.parseLong(maxAge.group(1))) : DEFAULT_LIFE;
				return new Session(new SessionToken(cookie.group(1).strip()), usable(life));
			}
		}
		return new Session(null, DEFAULT_LIFE);
	}

	/**
	 * The {@code Cookie} header for requests of this session.
	 * @param further what is sent along; {@code null}: nothing
	 * @return the header, {@code null} without one
	 */
	@Nullable String cookies(@Nullable ExtraCookies further) {
		if (this.token == null) {
			return (further != null) ? further.header() : null;
		}
		// AkashGen heeds the first of this name only.
		String own = COOKIE + "=" + this.token.value();
		return (further != null) ? own + "; " + further.header() : own;
	}

	/** A tenth is left unused, so that no session ends under way. */
	private static Duration usable(Duration life) {
		return life.minus(life.dividedBy(10));
	}

}
