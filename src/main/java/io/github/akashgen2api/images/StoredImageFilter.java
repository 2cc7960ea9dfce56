package io.github.akashgen2api.images;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.web.FilterOrder;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.web.servlet.FilterRegistration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;

/**
 * Serves stored images before Spring MVC sees the request, which would take a quarter of
 * the processor time (measured with 64 clients in November 2026). Whatever is not an
 * ordinary request for a stored image goes on to the {@link ImageController}.
 */
@Component
@FilterRegistration(urlPatterns = "/images", order = FilterOrder.STORED_IMAGE)
final class StoredImageFilter extends HttpFilter {

	private static final String QUERY = "id=";

	private final transient ImageService images;

	StoredImageFilter(ImageService images) {
		this.images = images;
	}

	@Override
	protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		JobId id = id(request);
		Optional<StoredImage> image = (id != null) ? this.images.find(id) : Optional.empty();
		if (id != null && image.isPresent()) {
			try {
				new ImageResponse(request, response, id, image.get()).write();
				return;
			}
			catch (NoSuchFileException ex) {
				// A sweep has removed it meanwhile.
			}
		}
		chain.doFilter(request, response);
	}

	/** The only parameter of a {@code GET} or {@code HEAD} without a range. */
	private static @Nullable JobId id(HttpServletRequest request) {
		String query = request.getQueryString();
		boolean isOrdinary = query != null && query.startsWith(QUERY) && request.getHeader(HttpHeaders.RANGE) == null
				&& (HttpMethod.GET.matches(request.getMethod()) || HttpMethod.HEAD.matches(request.getMethod()));
		try {
			return isOrdinary ? new JobId(query.substring(QUERY.length())) : null;
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

}
