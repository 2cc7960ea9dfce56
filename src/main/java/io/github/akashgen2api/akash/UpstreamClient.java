package io.github.akashgen2api.akash;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.function.Function;

import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.client.ClientHttpResponse;
import org.springframework.util.unit.DataSize;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

/**
 * One kind of exchange with AkashGen: says what was answered, or why nothing came.
 */
final class UpstreamClient {

	private final String what;

	private final RestClient client;

	private final Duration timeout;

	private final DataSize limit;

	private final JsonMapper json;

	/**
	 * Create a client.
	 * @param what is asked for, for messages
	 * @param client makes the exchanges, and ends them within the time
	 * @param timeout from an exchange's start to its last byte
	 * @param limit what is kept of a body at most
	 */
	UpstreamClient(String what, RestClient client, Duration timeout, DataSize limit, JsonMapper json) {
		this.what = what;
		this.client = client;
		this.timeout = timeout;
		this.limit = limit;
		this.json = json;
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
	UpstreamResponse exchange(Function<RestClient, RestClient.RequestHeadersSpec<?>> request) {
		return make(request, this::read);
	}

	/**
	 * Make an exchange whose body is read as it arrives.
	 * @param reader reads the body of a 200
	 * @param otherwise understands an answer of any other status
	 * @throws AkashGenException as above
	 */
	<T> T exchange(Function<RestClient, RestClient.RequestHeadersSpec<?>> request, Function<StreamedAnswer, T> reader,
			Function<UpstreamResponse, T> otherwise) {
		return make(request, (response, deadline) -> {
			if (response.getStatusCode().value() != 200) {
				return otherwise.apply(read(response, deadline));
			}
			try (InputStream body = response.getBody()) {
				return reader.apply(new StreamedAnswer(this.what, response.getHeaders(), body, deadline, this.json));
			}
		});
	}

	private <T> T make(Function<RestClient, RestClient.RequestHeadersSpec<?>> request, Reader<T> reader) {
		long deadline = System.nanoTime() + this.timeout.toNanos();
		try {
			// Not closed once more: that would read on, to nowhere, what was too much.
			return request.apply(this.client)
				.exchangeForRequiredValue((_, response) -> reader.read(response, deadline), false);
		}
		catch (ResourceAccessException ex) {
			throw translate(ex);
		}
		catch (IllegalArgumentException ex) {
			// The JDK's, which reads the header as a number.
			throw brokenOff(new IOException("The answer's length is no number", ex));
		}
	}

	private UpstreamResponse read(ClientHttpResponse response, long deadline) throws IOException {
		BoundedBody body = new BoundedBody(response.getHeaders().getContentLength(), (int) this.limit.toBytes());
		UpstreamResponse.End end = UpstreamResponse.End.TOO_LARGE;
		try (InputStream stream = response.getBody()) {
			end = body.readFrom(stream) ? UpstreamResponse.End.PROPER : end;
		}
		catch (IOException ex) {
			// What came may still name a job.
			end = (System.nanoTime() >= deadline) ? UpstreamResponse.End.LATE : UpstreamResponse.End.CUT;
		}
		return new UpstreamResponse(this.what, response.getStatusCode().value(), response.getHeaders(), body.bytes(),
				end, this.json);
	}

	private AkashGenException translate(ResourceAccessException ex) {
		Throwable cause = (ex.getCause() != null) ? ex.getCause() : ex;
		if (cause instanceof HttpTimeoutException && !(cause instanceof HttpConnectTimeoutException)) {
			return new AkashGenException.Timeout("AkashGen did not answer in time when asked for " + this.what, cause);
		}
		if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
			return new AkashGenException.Unavailable("AkashGen cannot be reached", cause);
		}
		return brokenOff(cause);
	}

	private AkashGenException brokenOff(Throwable cause) {
		return new AkashGenException.ConnectionLost("AkashGen broke off the connection when asked for " + this.what,
				cause);
	}

	/** Reads an answer. */
	private interface Reader<T> {

		T read(ClientHttpResponse response, long deadline) throws IOException;

	}

}
