package io.github.akashgen2api.akash;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.unit.DataSize;

/**
 * One kind of exchange with AkashGen: says what was answered, or why nothing came.
 */
final class UpstreamClient {

	private static final ContentType JSON = ContentType.create("application/json");

	private static final int BUFFER = 8 * 1024;

	private final String what;

	private final HttpClient client;

	private final BaseUrl base;

	private final Duration timeout;

	private final ScheduledExecutorService clock;

	private final int limit;

	private final JsonMapper json;

	/**
	 * Create a client.
	 * @param what is requested, for messages
	 * @param timeout from an exchange's start to the last byte of its answer
	 * @param clock ends exchanges at their timeout
	 * @param limit what is read of a body at most
	 */
	UpstreamClient(String what, HttpClient client, BaseUrl base, Duration timeout, ScheduledExecutorService clock,
			DataSize limit, JsonMapper json) {
		this.what = what;
		this.client = client;
		this.base = base;
		this.timeout = timeout;
		this.clock = clock;
		this.limit = (int) limit.toBytes();
		this.json = json;
	}

	/**
	 * Prepare a request, for one exchange.
	 * @param path below the base URL, with its query, encoded
	 */
	HttpUriRequestBase get(String path) {
		return new HttpGet(URI.create(this.base + path));
	}

	/**
	 * Prepare a request with a body in JSON, for one exchange.
	 * @param path below the base URL, encoded
	 */
	HttpUriRequestBase post(String path, Object body) {
		HttpPost request = new HttpPost(URI.create(this.base + path));
		request.setEntity(new ByteArrayEntity(this.json.writeValueAsBytes(body), JSON));
		return request;
	}

	/**
	 * Make an exchange.
	 * @return the answer, of whatever status; not whole where it was cut, late or too
	 * large
	 * @throws AkashGenException.Unavailable if it cannot be reached
	 * @throws AkashGenException.ConnectionLost if no answer came, or none that can be
	 * read
	 * @throws AkashGenException.Timeout if no answer began in time
	 */
	UpstreamResponse exchange(HttpUriRequestBase request) {
		return make(request, (response) -> read(request, response));
	}

	/**
	 * Make an exchange whose body is read as it arrives.
	 * @param reader reads the body of a 200
	 * @param otherwise understands an answer of any other status
	 * @throws AkashGenException as above
	 */
	<T> T exchange(HttpUriRequestBase request, Function<StreamedAnswer, T> reader,
			Function<UpstreamResponse, T> otherwise) {
		return make(request, (response) -> {
			if (response.getCode() != 200) {
				return otherwise.apply(read(request, response));
			}
			HttpEntity entity = response.getEntity();
			long length = (entity != null) ? entity.getContentLength() : 0;
			try {
				return reader.apply(
						new StreamedAnswer(this.what, response, length, body(entity), request::isCancelled, this.json));
			}
			catch (IOException ex) {
				throw translate(request, ex);
			}
		});
	}

	private <T> T make(HttpUriRequestBase request, Function<ClassicHttpResponse, T> reader) {
		Future<?> deadline = this.clock.schedule(request::abort, this.timeout.toNanos(), TimeUnit.NANOSECONDS);
		try {
			return reader.apply(send(request));
		}
		finally {
			deadline.cancel(false);
			// Closes the connection unless the answer was read to its end.
			request.cancel();
		}
	}

	private ClassicHttpResponse send(HttpUriRequestBase request) {
		HttpClientContext context = HttpClientContext.create();
		try {
			ClassicHttpResponse response = this.client.executeOpen(null, request, context);
			if ("https".equalsIgnoreCase(request.getScheme()) && context.getSSLSession() == null
					&& response.getCode() != 407) {
				throw new AkashGenException.Unavailable("AkashGen cannot be reached",
						"The proxy answered " + response.getCode(), (Excerpt) null);
			}
			return response;
		}
		catch (IOException | IllegalStateException ex) {
			// The latter if it is cancelled before it was sent.
			throw translate(request, ex);
		}
	}

	private UpstreamResponse read(HttpUriRequestBase request, ClassicHttpResponse response) {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		UpstreamResponse.End end;
		try {
			end = copy(body(response.getEntity()), body) ? UpstreamResponse.End.PROPER : UpstreamResponse.End.TOO_LARGE;
		}
		catch (IOException ex) {
			// What came may still name a job.
			end = request.isCancelled() ? UpstreamResponse.End.LATE : UpstreamResponse.End.CUT;
		}
		return new UpstreamResponse(this.what, response.getCode(), response, body.toByteArray(), end, this.json);
	}

	/** Return {@code false} if there is more than the limit. */
	private boolean copy(InputStream from, ByteArrayOutputStream to) throws IOException {
		byte[] buffer = new byte[BUFFER];
		for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
			int room = this.limit - to.size();
			to.write(buffer, 0, Math.min(read, room));
			if (read > room) {
				return false;
			}
		}
		return true;
	}

	/**
	 * The body, decoded where a server encodes without being asked to. Its {@code close}
	 * does nothing, as the client's would read all that is left.
	 */
	private static InputStream body(@Nullable HttpEntity entity) throws IOException {
		if (entity == null) {
			return InputStream.nullInputStream();
		}
		InputStream body = entity.getContent();
		InputStream decoded = switch (entity.getContentEncoding()) {
			case "gzip" -> new GZIPInputStream(body);
			case "deflate" -> new InflaterInputStream(body);
			case null, default -> body;
		};
		return new FilterInputStream(decoded) {

			@Override
			public void close() {
			}

		};
	}

	private AkashGenException translate(HttpUriRequestBase request, Exception ex) {
		if (request.isCancelled()) {
			return new AkashGenException.Timeout("AkashGen did not answer in time when asked for " + this.what, ex);
		}
		return switch (ex) {
			case ConnectTimeoutException _ -> unreachable("Connection timed out", ex);
			case ConnectException _ -> unreachable("Connection refused", ex);
			case NoRouteToHostException _ -> unreachable("No route to host", ex);
			case UnknownHostException _ -> unreachable("Unknown host", ex);
			default ->
				new AkashGenException.ConnectionLost("Connection to AkashGen lost while requesting " + this.what, ex);
		};
	}

	private static AkashGenException unreachable(String reason, Exception ex) {
		return new AkashGenException.Unavailable("AkashGen cannot be reached", reason, ex);
	}

}
