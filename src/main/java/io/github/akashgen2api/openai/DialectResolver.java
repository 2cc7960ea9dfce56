package io.github.akashgen2api.openai;

import java.util.Objects;
import java.util.regex.Pattern;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * The one place that decides which kind of caller a request comes from.
 */
@Component
public class DialectResolver {

	private static final String COMPLETIONS = "/v1/chat/completions";

	/** Version 7 sends {@code ai-sdk-provider-utils}, those before it a slash. */
	private static final Pattern VERCELS = Pattern.compile("\\bai-sdk[/-]");

	private static final String READ_REQUEST = DialectResolver.class.getName() + ".request";

	private final @Nullable Dialect fixed;

	DialectResolver(OpenAiProperties settings) {
		this.fixed = settings.dialect().dialect();
	}

	/**
	 * Remember a body that was read, as it tells more than the headers.
	 */
	void read(ChatCompletionRequest body, HttpServletRequest request) {
		request.setAttribute(READ_REQUEST, body);
	}

	/**
	 * Whom a refusal goes to.
	 * @param status of the refusal; one without a valid key is always in OpenAI's shape
	 */
	public Dialect of(HttpServletRequest request, HttpStatus status) {
		return (status == HttpStatus.UNAUTHORIZED) ? Dialect.OPENAI : of(request);
	}

	/**
	 * Whom a request comes from, as far as has been read of it.
	 */
	Dialect of(HttpServletRequest request) {
		String path = path(request);
		if (!path.equals("/v1") && !path.startsWith("/v1/")) {
			return Dialect.SIMPLE;
		}
		if (!path.equals(COMPLETIONS)) {
			return Dialect.OPENAI;
		}
		return (request.getAttribute(READ_REQUEST) instanceof ChatCompletionRequest body) ? of(body, request)
				: orFixed(ofHeaders(request));
	}

	private Dialect of(ChatCompletionRequest body, HttpServletRequest request) {
		if (body.isStreamed()) {
			return Dialect.OPENAI;
		}
		if (body.waitForImage() != null) {
			return orFixed(Dialect.SIMPLE);
		}
		return orFixed(body.hasOtherFields() ? Dialect.OPENAI : ofHeaders(request));
	}

	private Dialect orFixed(Dialect seen) {
		return (this.fixed != null) ? this.fixed : seen;
	}

	/** OpenAI's own SDKs send the former, Vercel's the latter. */
	private static Dialect ofHeaders(HttpServletRequest request) {
		String agent = Objects.requireNonNullElse(request.getHeader(HttpHeaders.USER_AGENT), "");
		boolean isOpenAi = request.getHeader("X-Stainless-Lang") != null || VERCELS.matcher(agent).find();
		return isOpenAi ? Dialect.OPENAI : Dialect.SIMPLE;
	}

	/** Below the prefix; also of a request that Jetty has given up. */
	private static String path(HttpServletRequest request) {
		return (request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String uri)
				? uri.substring(request.getContextPath().length()) : request.getServletPath();
	}

}
