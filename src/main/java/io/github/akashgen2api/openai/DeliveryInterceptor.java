package io.github.akashgen2api.openai;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

import io.github.akashgen2api.generation.GenerationHandle;
import io.github.akashgen2api.jobs.ImageJob;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Marks images as delivered when the answer has been written. A client that repeats its
 * request gets the job of an image that was not delivered.
 */
final class DeliveryInterceptor implements HandlerInterceptor {

	/** Header with the ids of the jobs. */
	static final String JOB_ID = "X-Job-Id";

	private static final String ATTRIBUTE = DeliveryInterceptor.class.getName();

	/**
	 * Track the delivery of the answer to a request.
	 * @param generations the generations whose images the answer contains
	 */
	static void track(HttpServletRequest request, List<GenerationHandle> generations) {
		request.setAttribute(ATTRIBUTE, generations);
	}

	/**
	 * Name the jobs of a request to the client.
	 */
	static void name(List<GenerationHandle> generations, HttpServletResponse response) {
		String ids = generations.stream()
			.flatMap((generation) -> generation.imageJob().stream())
			.map(ImageJob::id)
			.collect(Collectors.joining(", "));
		if (!ids.isEmpty()) {
			response.setHeader(JOB_ID, ids);
		}
	}

	@Override
	public void afterCompletion(HttpServletRequest request, HttpServletResponse response, Object handler,
			@Nullable Exception error) {
		if (request.getAttribute(ATTRIBUTE) instanceof List<?> generations) {
			boolean isWritten = error == null && (response.getStatus() == HttpServletResponse.SC_OK
					|| response.getStatus() == HttpServletResponse.SC_ACCEPTED) && isWritten(response);
			generations.forEach((generation) -> end((GenerationHandle) generation, isWritten));
		}
	}

	/**
	 * A client that closed the connection before the answer was written does not read it.
	 */
	private static void end(GenerationHandle generation, boolean isWritten) {
		if (isWritten && generation.isAnswered()) {
			generation.markDelivered();
		}
		else {
			generation.disconnect();
		}
	}

	private static boolean isWritten(HttpServletResponse response) {
		try {
			response.flushBuffer();
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
