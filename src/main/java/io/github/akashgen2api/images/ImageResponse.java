package io.github.akashgen2api.images;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

import io.github.akashgen2api.akash.JobId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.support.ResourceRegion;
import org.springframework.http.ETag;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpRange;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.converter.ResourceRegionHttpMessageConverter;
import org.springframework.http.server.ServletServerHttpResponse;

/**
 * Writes an image, or the requested part of it, from its file. Conditions and ranges are
 * evaluated as RFC 9110 sections 13.2.2 and 14 require. Spring ignores {@code If-Match}
 * and {@code If-Range} of a {@code GET}, and accepts ranges of a {@code HEAD} and of
 * unknown units.
 */
final class ImageResponse {

	/** An image of a job never changes. */
	private static final String CACHE_FOR_A_YEAR = "public, max-age=31536000, immutable";

	/** The browser's own style sheet centres an image that is opened in a tab. */
	private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

	/** The largest buffer that Jetty pools. A slow client takes one, not on the heap. */
	private static final int BUFFER = 64 * 1024;

	private static final ResourceRegionHttpMessageConverter PARTS = new ResourceRegionHttpMessageConverter();

	private final HttpServletRequest request;

	private final HttpServletResponse response;

	private final JobId id;

	private final StoredImage image;

	private final String entityTag;

	ImageResponse(HttpServletRequest request, HttpServletResponse response, JobId id, StoredImage image) {
		this.request = request;
		this.response = response;
		this.id = id;
		this.image = image;
		this.entityTag = image.entityTag();
	}

	/**
	 * Write the response.
	 * @throws RangeNotSatisfiableException if all requested ranges begin after the end of
	 * the image
	 * @throws NoSuchFileException if the file has been removed; no header is set then
	 * @throws IOException if the client has disconnected
	 */
	void write() throws IOException {
		if (!isMatch(HttpHeaders.IF_MATCH, true)) {
			this.response.setStatus(HttpStatus.PRECONDITION_FAILED.value());
			return;
		}
		if (this.request.getHeader(HttpHeaders.IF_NONE_MATCH) != null && isMatch(HttpHeaders.IF_NONE_MATCH, false)) {
			addHeaders();
			this.response.setStatus(HttpStatus.NOT_MODIFIED.value());
			return;
		}
		List<HttpRange> ranges = ranges();
		if (ranges.isEmpty()) {
			writeAll();
		}
		else {
			writeParts(parts(ranges));
		}
	}

	private void writeAll() throws IOException {
		try (FileChannel content = FileChannel.open(this.image.file())) {
			addHeaders();
			this.response.setContentType(this.image.format().mediaType());
			this.response.setContentLengthLong(this.image.length());
			if (HttpMethod.HEAD.matches(this.request.getMethod())) {
				this.response.flushBuffer();
				return;
			}
			this.response.setBufferSize(BUFFER);
			// Spring's wrapper would copy everything to the heap.
			ServletContextRequest.getServletContextRequest(this.request).getHttpOutput().sendContent(content);
		}
	}

	private void writeParts(List<ResourceRegion> parts) throws IOException {
		if (parts.isEmpty()) {
			throw new RangeNotSatisfiableException(this.image.length());
		}
		addHeaders();
		this.response.setStatus(HttpStatus.PARTIAL_CONTENT.value());
		PARTS.write(parts, MediaType.parseMediaType(this.image.format().mediaType()),
				new ServletServerHttpResponse(this.response));
	}

	private void addHeaders() {
		this.response.setHeader(HttpHeaders.ETAG, this.entityTag);
		this.response.setHeader(HttpHeaders.CACHE_CONTROL, CACHE_FOR_A_YEAR);
		this.response.setHeader(HttpHeaders.ACCEPT_RANGES, "bytes");
		this.response.setHeader("Content-Security-Policy", POLICY);
		this.response.setHeader(HttpHeaders.CONTENT_DISPOSITION,
				"inline; filename=\"" + this.id + "." + this.image.format().extension() + "\"");
	}

	/** Whether a header is absent, or one of its tags is that of the image. */
	private boolean isMatch(String header, boolean isStrong) {
		if (this.request.getHeader(header) == null) {
			return true;
		}
		ETag own = ETag.create(this.entityTag);
		return Collections.list(this.request.getHeaders(header))
			.stream()
			.flatMap((value) -> ETag.parse(value).stream())
			.anyMatch((tag) -> tag.isWildcard() || tag.compare(own, isStrong));
	}

	/** The requested ranges; empty if there are none, or if they have to be ignored. */
	private List<HttpRange> ranges() {
		@Nullable String range = this.request.getHeader(HttpHeaders.RANGE);
		if (range == null || !HttpMethod.GET.matches(this.request.getMethod()) || !isRangeValid()) {
			return List.of();
		}
		try {
			return HttpRange.parseRanges(range.strip().toLowerCase(Locale.ROOT));
		}
		catch (IllegalArgumentException ex) {
			// RFC 9110 section 14.2: other units and malformed ranges are ignored.
			return List.of();
		}
	}

	/** A date never matches, as there is no {@code Last-Modified}. */
	private boolean isRangeValid() {
		@Nullable String condition = this.request.getHeader(HttpHeaders.IF_RANGE);
		return condition == null || condition.strip().equals(this.entityTag);
	}

	/**
	 * The requested parts of the image. If they have more bytes than the image together,
	 * it is written as a whole: RFC 9110 section 14.2 lets a server ignore such ranges.
	 */
	private List<ResourceRegion> parts(List<HttpRange> ranges) {
		long length = this.image.length();
		List<ResourceRegion> parts = ranges.stream()
			.filter((range) -> range.getRangeStart(length) < length
					&& range.getRangeEnd(length) >= range.getRangeStart(length))
			.map((range) -> new ResourceRegion(this.image.resource(), range.getRangeStart(length),
					range.getRangeEnd(length) - range.getRangeStart(length) + 1))
			.toList();
		boolean isTooMuch = parts.size() > 1 && parts.stream().mapToLong(ResourceRegion::getCount).sum() >= length;
		return isTooMuch ? List.of(new ResourceRegion(this.image.resource(), 0, length)) : parts;
	}

}
