package io.github.akashgen2api.openai;

import java.io.IOException;
import java.util.List;

import io.github.akashgen2api.generation.GenerationHandle;
import io.github.akashgen2api.web.server.ClientConnection;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Watches whether answers reach their callers: a picture that did not is for whoever asks
 * the same again.
 */
final class DeliveryInterceptor implements HandlerInterceptor {

	private static final String ATTRIBUTE = DeliveryInterceptor.class.getName();

	/**
	 * Watch an answer.
	 * @param told the generations that it tells of
	 */
	static void watch(HttpServletRequest request, List<GenerationHandle> told) {
		request.setAttribute(ATTRIBUTE, told);
	}

	@Override
	public void afterCompletion(HttpServletRequest request, HttpServletResponse response, Object handler,
			@Nullable Exception failure) {
		if (request.getAttribute(ATTRIBUTE) instanceof List<?> told && failure == null
				&& response.getStatus() == HttpServletResponse.SC_OK && isDelivered(request, response)) {
			told.forEach((generation) -> ((GenerationHandle) generation).delivered());
		}
	}

	/**
	 * A client that closed the connection before the answer was written does not read it.
	 */
	private static boolean isDelivered(HttpServletRequest request, HttpServletResponse response) {
		if (ClientConnection.of(request).getAsBoolean()) {
			return false;
		}
		try {
			response.flushBuffer();
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
