package io.github.akashgen2api.web.body;

import java.io.EOFException;
import java.io.FilterInputStream;
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
	 * The bytes of a compressed body, as they are read. Compressed, it may be as large as
	 * decoded: the bytes that it decodes to are for the caller to bound.
	 */
	static InputStream decoded(InputStream compressed) {
		return new Gunzipped(compressed);
	}

	private static List<String> codings(@Nullable String header) {
		return Arrays.stream(Objects.requireNonNullElse(header, "").split(",", -1))
			.map((coding) -> coding.strip().toLowerCase(Locale.ROOT))
			.filter((coding) -> !coding.isEmpty() && !coding.equals("identity"))
			.toList();
	}

	/**
	 * A coding that is not decoded.
	 */
	private static final class Unsupported extends ErrorResponseException {

		private static final int MAX_SHOWN = 100;

		Unsupported(String coding) {
			super(HttpStatus.UNSUPPORTED_MEDIA_TYPE);
			String shown = coding.substring(0, Math.min(MAX_SHOWN, coding.length()));
			setDetail("Content-Encoding must be gzip, or be left out, but is '" + shown + "'");
			getHeaders().set(HttpHeaders.ACCEPT_ENCODING, "gzip");
		}

	}

	/**
	 * Opened by the first read, as its header is read then.
	 */
	private static final class Gunzipped extends InputStream {

		private final InputStream compressed;

		private @Nullable InputStream decoded;

		Gunzipped(InputStream compressed) {
			this.compressed = new Limited(compressed);
		}

		@Override
		public int read() throws IOException {
			byte[] one = new byte[1];
			return (read(one, 0, 1) < 0) ? -1 : Byte.toUnsignedInt(one[0]);
		}

		@Override
		public int read(byte[] bytes, int offset, int count) throws IOException {
			try {
				if (this.decoded == null) {
					this.decoded = new GZIPInputStream(this.compressed, 8192);
				}
				return this.decoded.read(bytes, offset, count);
			}
			catch (ZipException ex) {
				throw broken(ex);
			}
			catch (EOFException ex) {
				// Of Jetty's own, the connection is lost.
				throw (ex.getClass() == EOFException.class) ? broken(ex) : ex;
			}
		}

		private static IOException broken(IOException reason) {
			return new ZipException(
					"The request body is not valid gzip, as its Content-Encoding says it is: " + reason.getMessage());
		}

		@Override
		public void close() throws IOException {
			if (this.decoded != null) {
				this.decoded.close();
			}
		}

	}

	/**
	 * Many empty parts in a row would decode to nothing for ever.
	 */
	private static final class Limited extends FilterInputStream {

		private long length;

		Limited(InputStream compressed) {
			super(compressed);
		}

		@Override
		public int read() throws IOException {
			byte[] one = new byte[1];
			return (read(one, 0, 1) < 0) ? -1 : Byte.toUnsignedInt(one[0]);
		}

		@Override
		public int read(byte[] bytes, int offset, int count) throws IOException {
			int read = super.read(bytes, offset, count);
			this.length += Math.max(0, read);
			if (this.length > BodyLimiter.LIMIT.toBytes()) {
				throw new LargeRequestException.TooLarge(BodyLimiter.LIMIT);
			}
			return read;
		}

	}

}
