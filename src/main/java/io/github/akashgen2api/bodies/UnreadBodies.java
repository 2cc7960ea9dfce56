package io.github.akashgen2api.bodies;

import java.io.IOException;
import java.io.InputStream;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.HttpHeaders;
import org.springframework.util.unit.DataSize;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Takes the rest of a body that nobody read, behind the answer: many a caller looks for
 * it only when he has sent all, and would find the connection cut. So would his next
 * request, as Jetty takes no more than a little of what is left.
 */
final class UnreadBodies extends OncePerRequestFilter {

	/** Who sends even more is cut off. */
	private static final DataSize LIMIT = DataSize.ofMegabytes(100);

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		WatchedRequest watched = new WatchedRequest(request);
		chain.doFilter(watched, response);
		if (watched.isSent() && !isAsyncStarted(request)) {
			response.getOutputStream().close();
			takeRest(request.getInputStream());
		}
	}

	private static void takeRest(InputStream body) {
		byte[] bytes = new byte[8192];
		try {
			long taken = 0;
			for (int read = 0; read >= 0 && taken < LIMIT.toBytes(); taken += read) {
				read = body.read(bytes);
			}
		}
		catch (IOException ex) {
			// The caller is gone, or he sends nothing more.
		}
	}

	/**
	 * Knows whether its body comes.
	 */
	private static final class WatchedRequest extends HttpServletRequestWrapper {

		private boolean isOpened;

		WatchedRequest(HttpServletRequest request) {
			super(request);
		}

		/** Who asks whether to send it is told to by the first look at it. */
		boolean isSent() {
			boolean hasBody = getContentLengthLong() > 0 || getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
			return hasBody && (this.isOpened || getHeader(HttpHeaders.EXPECT) == null);
		}

		@Override
		public ServletInputStream getInputStream() throws IOException {
			this.isOpened = true;
			return super.getInputStream();
		}

	}

}
