package io.github.akashgen2api.images;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import io.github.akashgen2api.akash.JobId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
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
 * Answers with an image, or with the part of it that is asked for, straight from its
 * file. Conditions and ranges are evaluated as RFC 9110 has it in sections 13.2.2 and 14;
 * Spring leaves out {@code If-Match} and {@code If-Range} of a {@code GET}, and takes
 * ranges of a {@code HEAD} and of unknown units.
 */
final class ImageResponse {

	/** An image of a job never changes. */
	private static final String CACHE_FOR_A_YEAR = "public, max-age=31536000, immutable";

	/** The browser's own style sheet centres an image that is opened in a tab. */
	private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

	private static final ResourceRegionHttpMessageConverter PARTS = new ResourceRegionHttpMessageConverter();

	private final HttpServletRequest request;

	private final HttpServletResponse response;

	private final JobId id;

	private final StoredImage image;

	private final ETag entityTag;

	ImageResponse(HttpServletRequest request, HttpServletResponse response, JobId id, StoredImage image) {
		this.request = request;
		this.response = response;
		this.id = id;
		this.image = image;
		this.entityTag = ETag.create(image.entityTag());
	}

	/**
	 * Write it.
	 * @throws RangeNotSatisfiableException if the image ends before all ranges that are
	 * asked for
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
		List<ResourceRegion> parts = parts(ranges);
		if (!ranges.isEmpty() && parts.isEmpty()) {
			throw new RangeNotSatisfiableException(this.image.length());
		}
		addHeaders();
		if (!parts.isEmpty()) {
			this.response.setStatus(HttpStatus.PARTIAL_CONTENT.value());
			PARTS.write(parts, mediaType(), new ServletServerHttpResponse(this.response));
			return;
		}
		if (HttpMethod.HEAD.matches(this.request.getMethod())) {
			this.response.setContentType(mediaType().toString());
			this.response.setContentLengthLong(this.image.length());
			this.response.flushBuffer();
			return;
		}
		// Not by Spring's converter, which takes a file that was removed for an empty
		// one.
		try (InputStream content = Files.newInputStream(this.image.file())) {
			this.response.setContentType(mediaType().toString());
			this.response.setContentLengthLong(this.image.length());
			content.transferTo(this.response.getOutputStream());
		}
	}

	private void addHeaders() {
		this.response.setHeader(HttpHeaders.ETAG, this.entityTag.formattedTag());
		this.response.setHeader(HttpHeaders.CACHE_CONTROL, CACHE_FOR_A_YEAR);
		this.response.setHeader(HttpHeaders.ACCEPT_RANGES, "bytes");
		this.response.setHeader("Content-Security-Policy", POLICY);
		this.response.setHeader(HttpHeaders.CONTENT_DISPOSITION,
				"inline; filename=\"" + this.id + "." + this.image.format().extension() + "\"");
	}

	private MediaType mediaType() {
		return MediaType.parseMediaType(this.image.format().mediaType());
	}

	/** Whether one of the tags in a header is the image's; of an absent header, it is. */
	private boolean isMatch(String header, boolean isStrong) {
		List<String> values = Collections.list(this.request.getHeaders(header));
		return values.isEmpty() || values.stream()
			.flatMap((value) -> ETag.parse(value).stream())
			.anyMatch((tag) -> tag.isWildcard() || tag.compare(this.entityTag, isStrong));
	}

	/** The ranges to heed; empty for none. */
	private List<HttpRange> ranges() {
		@Nullable String range = this.request.getHeader(HttpHeaders.RANGE);
		if (range == null || !HttpMethod.GET.matches(this.request.getMethod()) || !isRangeHeeded()) {
			return List.of();
		}
		try {
			return HttpRange.parseRanges(range.strip().toLowerCase(Locale.ROOT));
		}
		catch (IllegalArgumentException ex) {
			// Of another unit, or malformed: to be ignored (RFC 9110 section 14.2).
			return List.of();
		}
	}

	/** A date never matches, as there is no {@code Last-Modified}. */
	private boolean isRangeHeeded() {
		@Nullable String condition = this.request.getHeader(HttpHeaders.IF_RANGE);
		return condition == null || condition.strip().equals(this.entityTag.formattedTag());
	}

	/**
	 * The parts of the image that are asked for. More than the whole of it together are
	 * not worth serving: RFC 9110 section 14.2 lets a server ignore such.
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
		return isTooMuch ? Stream.of(new ResourceRegion(this.image.resource(), 0, length)).toList() : parts;
	}

}
