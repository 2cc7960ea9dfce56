package io.github.akashgen2api.akash;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

import io.github.akashgen2api.futures.Timeouts;
import org.apache.hc.client5.http.ConnectTimeoutException;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.util.unit.DataSize;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

/**
 * One kind of exchange with AkashGen: says what was answered, or why nothing came.
 */
final class UpstreamClient {

	private static final int BUFFER = 8 * 1024;

	private final String what;

	private final RestClient client;

	private final BaseUrl base;

	private final Timeouts timeouts;

	private final int limit;

	private final JsonMapper json;

	/**
	 * Create a client.
	 * @param what is requested, for messages
	 * @param timeouts of an exchange, from its start to the last byte of its answer
	 * @param limit what is read of a body at most
	 */
	UpstreamClient(String what, RestClient client, BaseUrl base, Timeouts timeouts, DataSize limit, JsonMapper json) {
		this.what = what;
		this.client = client;
		this.base = base;
		this.timeouts = timeouts;
		this.limit = (int) limit.toBytes();
		this.json = json;
	}

	/**
	 * Prepare a request, for one exchange.
	 * @param path below the base URL, with its query, encoded
	 */
	RestClient.RequestHeadersSpec<?> get(String path) {
		return this.client.get().uri(URI.create(this.base + path));
	}

	/**
	 * Prepare a request with a body in JSON, for one exchange.
	 * @param path below the base URL, encoded
	 */
	RestClient.RequestHeadersSpec<?> post(String path, Object body) {
		byte[] json = this.json.writeValueAsBytes(body);
		return this.client.post()
			.uri(URI.create(this.base + path))
			.contentType(MediaType.APPLICATION_JSON)
			.contentLength(json.length)
			.body(json);
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
	UpstreamResponse exchange(RestClient.RequestHeadersSpec<?> request) {
		return make(request, this::read);
	}

	/**
	 * Make an exchange whose body is read as it arrives.
	 * @param reader reads the body of a 200
	 * @param otherwise understands an answer of any other status
	 * @throws AkashGenException as above
	 */
	<T> T exchange(RestClient.RequestHeadersSpec<?> request, Function<StreamedResponse, T> reader,
			Function<UpstreamResponse, T> otherwise) {
		return make(request, (exchange, response) -> {
			if (response.getStatusCode().value() != 200) {
				return otherwise.apply(read(exchange, response));
			}
			return reader.apply(new StreamedResponse(this.what, response.getHeaders(), body(response), exchange::isLate,
					this.json));
		});
	}

	private <T> T make(RestClient.RequestHeadersSpec<?> request, Reader<T> reader) {
		CancellableExchange exchange = new CancellableExchange();
		Future<?> deadline = this.timeouts.start(exchange::abort);
		try {
			// Not closed by RestClient, which would read all that is left.
			return ScopedValue.where(CancellableExchange.CURRENT, exchange)
				.call(() -> request.exchangeForRequiredValue((_, response) -> {
					refuseAnswerOfProxy(exchange, response);
					return reader.read(exchange, response);
				}, false));
		}
		catch (ResourceAccessException ex) {
			throw translate(exchange, (ex.getCause() instanceof IOException cause) ? cause : ex);
		}
		catch (IllegalStateException ex) {
			// HttpClient's, where the request was aborted before it was sent.
			throw exchange.isLate() ? translate(exchange, ex) : ex;
		}
		finally {
			deadline.cancel(false);
			exchange.end();
		}
	}

	/** A proxy that does not connect to AkashGen answers itself. */
	private void refuseAnswerOfProxy(CancellableExchange exchange, ClientHttpResponse response) throws IOException {
		int status = response.getStatusCode().value();
		if ("https".equalsIgnoreCase(this.base.uri().getScheme()) && exchange.context().getSSLSession() == null
				&& status != 407) {
			throw new AkashGenException.Unavailable("AkashGen cannot be reached", "The proxy answered " + status,
					(ResponseExcerpt) null);
		}
	}

	private UpstreamResponse read(CancellableExchange exchange, ClientHttpResponse response) throws IOException {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		UpstreamResponse.End end;
		try {
			end = copy(body(response), body) ? UpstreamResponse.End.PROPER : UpstreamResponse.End.TOO_LARGE;
		}
		catch (IOException ex) {
			// What came may still name a job.
			end = exchange.isLate() ? UpstreamResponse.End.LATE : UpstreamResponse.End.CUT;
		}
		return new UpstreamResponse(this.what, response.getStatusCode().value(), response.getHeaders(),
				body.toByteArray(), end, this.json);
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
	private static InputStream body(ClientHttpResponse response) throws IOException {
		InputStream body = response.getBody();
		InputStream decoded = switch (response.getHeaders().getFirst(HttpHeaders.CONTENT_ENCODING)) {
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

	private AkashGenException translate(CancellableExchange exchange, Exception ex) {
		if (exchange.isLate()) {
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

	/** Reads an answer. */
	private interface Reader<T> {

		T read(CancellableExchange exchange, ClientHttpResponse response) throws IOException;

	}

}
