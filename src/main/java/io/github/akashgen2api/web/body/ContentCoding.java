package io.github.akashgen2api.web.body;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.util.unit.DataSize;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Decodes request bodies that are compressed with gzip (RFC 9110 section 8.4), and
 * refuses all other codings before a byte of the body is read.
 */
final class ContentCoding implements HandlerInterceptor {

	private static final Set<String> GZIP = Set.of("gzip", "x-gzip");

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		List<String> codings = codings(request.getHeader(HttpHeaders.CONTENT_ENCODING));
		if (codings.size() > 1 || !GZIP.containsAll(codings)) {
			throw new Unsupported(String.join(", ", codings));
		}
		return true;
	}

	/**
	 * Whether a body is compressed.
	 */
	static boolean isCompressed(HttpHeaders headers) {
		return !codings(headers.getFirst(HttpHeaders.CONTENT_ENCODING)).isEmpty();
	}

	/**
	 * Decode a body as it is read. The compressed body is limited to the size of a
	 * decoded one; the caller has to limit the decoded body.
	 */
	static InputStream decoded(InputStream compressed, DataSize limit) {
		return new GunzippedStream(compressed, limit);
	}

	private static List<String> codings(@Nullable String header) {
		return Arrays.stream(Objects.requireNonNullElse(header, "").split(",", -1))
			.map((coding) -> coding.strip().toLowerCase(Locale.ROOT))
			.filter((coding) -> !coding.isEmpty() && !coding.equals("identity"))
			.toList();
	}

	/**
	 * The coding is not supported.
	 */
	private static final class Unsupported extends ErrorResponseException {

		private static final int MAX_SHOWN = 100;

		Unsupported(String coding) {
			super(HttpStatus.UNSUPPORTED_MEDIA_TYPE);
			String shown = coding.substring(0, Math.min(MAX_SHOWN, coding.length()));
			setDetail("Content-Encoding must be gzip or omitted, but is '" + shown + "'");
			getHeaders().set(HttpHeaders.ACCEPT_ENCODING, "gzip");
		}

	}

	/**
	 * Creates the decoder at the first read, as the decoder reads its header.
	 */
	private static final class GunzippedStream extends BulkInputStream {

		private @Nullable InputStream decoded;

		GunzippedStream(InputStream compressed, DataSize limit) {
			super(new LimitedStream(compressed, limit));
		}

		@Override
		public int read(byte[] bytes, int offset, int count) throws IOException {
			try {
				if (this.decoded == null) {
					this.decoded = new GZIPInputStream(this.source, 8192);
				}
				return this.decoded.read(bytes, offset, count);
			}
			catch (ZipException ex) {
				throw invalid(ex);
			}
			catch (EOFException ex) {
				// Jetty's subclass says that the connection is lost.
				throw (ex.getClass() == EOFException.class) ? invalid(ex) : ex;
			}
		}

		private static IOException invalid(IOException reason) {
			return new ZipException(
					"The request body is not valid gzip, although Content-Encoding says so: " + reason.getMessage());
		}

		@Override
		public void close() throws IOException {
			if (this.decoded != null) {
				this.decoded.close();
			}
		}

	}

	/**
	 * Limits the compressed body, as a sequence of empty members would decode to nothing
	 * endlessly.
	 */
	private static final class LimitedStream extends BulkInputStream {

		private final DataSize limit;

		private long length;

		LimitedStream(InputStream compressed, DataSize limit) {
			super(compressed);
			this.limit = limit;
		}

		@Override
		public int read(byte[] bytes, int offset, int count) throws IOException {
			int read = this.source.read(bytes, offset, count);
			this.length += Math.max(0, read);
			if (this.length > this.limit.toBytes()) {
				throw new LargeRequestException.TooLarge(this.limit);
			}
			return read;
		}

	}

}
