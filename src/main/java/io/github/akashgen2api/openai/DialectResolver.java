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
 * Decides which dialect a request's client expects.
 */
@Component
public class DialectResolver {

	private static final String COMPLETIONS = "/v1/chat/completions";

	/**
	 * Vercel's AI SDK: version 7 sends {@code ai-sdk-provider-utils}, earlier ones
	 * {@code ai-sdk/}.
	 */
	private static final Pattern VERCEL_AI_SDK = Pattern.compile("\\bai-sdk[/-]");

	private static final String REQUEST_BODY = DialectResolver.class.getName() + ".body";

	private final @Nullable Dialect fixed;

	DialectResolver(OpenAiProperties settings) {
		this.fixed = settings.dialect().dialect();
	}

	/**
	 * Remember a body, as it says more about the client than the headers.
	 */
	void remember(ChatCompletionRequest body, HttpServletRequest request) {
		request.setAttribute(REQUEST_BODY, body);
	}

	/**
	 * The dialect of an error.
	 * @param status the error's HTTP status; a 401 is always in OpenAI's dialect
	 */
	public Dialect of(HttpServletRequest request, HttpStatus status) {
		return (status == HttpStatus.UNAUTHORIZED) ? Dialect.OPENAI : of(request);
	}

	/**
	 * The dialect of a request, by its path, its headers and, if already read, its body.
	 */
	Dialect of(HttpServletRequest request) {
		String path = path(request);
		if (!path.equals("/v1") && !path.startsWith("/v1/")) {
			return Dialect.SIMPLE;
		}
		if (!path.equals(COMPLETIONS)) {
			return Dialect.OPENAI;
		}
		return (request.getAttribute(REQUEST_BODY) instanceof ChatCompletionRequest body) ? of(body, request)
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

	private Dialect orFixed(Dialect detected) {
		return (this.fixed != null) ? this.fixed : detected;
	}

	/** OpenAI's own SDKs send {@code X-Stainless-Lang}. */
	private static Dialect ofHeaders(HttpServletRequest request) {
		String agent = Objects.requireNonNullElse(request.getHeader(HttpHeaders.USER_AGENT), "");
		boolean isOpenAi = request.getHeader("X-Stainless-Lang") != null || VERCEL_AI_SDK.matcher(agent).find();
		return isOpenAi ? Dialect.OPENAI : Dialect.SIMPLE;
	}

	/** The path without the prefix. Jetty's error dispatch has it in an attribute. */
	private static String path(HttpServletRequest request) {
		return (request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String uri)
				? uri.substring(request.getContextPath().length()) : request.getServletPath();
	}

}
