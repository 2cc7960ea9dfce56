package io.github.akashgen2api.akash;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.Executors;

import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

/**
 * The wire to AkashGen: says what was answered, or why nothing came. One connection pool,
 * with a deadline of its own for each kind of exchange.
 */
@Component
class Upstream {

	static {
		// The JDK reads these once, with its first client. AkashGen closes an idle
		// connection after 5 s: leave it before that, as a picture submitted on a closing
		// one is lost. And one exchange is one request: the JDK would repeat a GET whose
		// connection was cut, and a failed connect, where we count our own attempts.
		System.setProperty("jdk.httpclient.keepalive.timeout", "4");
		System.setProperty("jdk.httpclient.redirects.retrylimit", "1");
		System.setProperty("jdk.httpclient.disableRetryConnect", "true");
	}

	private final RestClient.Builder builder;

	private final HttpClient httpClient;

	private final JsonMapper json;

	Upstream(RestClient.Builder builder, AkashGenSettings settings, JsonMapper json) {
		this.json = json;
		// HTTP/1.1: over HTTP/2 the JDK fails requests past the server's stream limit.
		this.httpClient = HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_1_1)
			.followRedirects(HttpClient.Redirect.NEVER)
			.connectTimeout(settings.connectTimeout())
			.executor(Executors.newVirtualThreadPerTaskExecutor())
			.build();
		this.builder = builder.baseUrl(settings.baseUrl().uri())
			.defaultHeader(HttpHeaders.USER_AGENT, settings.userAgent())
			.requestInterceptor(new SameOriginRedirects(settings.baseUrl()));
	}

	/**
	 * A client whose exchanges end within a time.
	 * @param timeout from the request's start to the answer's last byte
	 */
	RestClient within(Duration timeout) {
		JdkClientHttpRequestFactory factory = new JdkClientHttpRequestFactory(this.httpClient);
		factory.setReadTimeout(timeout);
		return this.builder.clone().requestFactory(factory).build();
	}

	/**
	 * Make an exchange.
	 * @param what what is asked for, for messages
	 * @param limit what is read of the body at most
	 * @return the answer, of whatever status; not whole where it was cut, late or too
	 * large
	 * @throws AkashGenException.Unavailable if no answer came
	 * @throws AkashGenException.TooLate if no answer began in time
	 */
	Answer exchange(String what, RestClient.RequestHeadersSpec<?> request, DataSize limit) {
		try {
			return request.exchangeForRequiredValue((_, response) -> read(response, limit));
		}
		catch (ResourceAccessException ex) {
			throw translate(what, ex);
		}
	}

	private Answer read(ClientHttpResponse response, DataSize limit) throws IOException {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		boolean whole = false;
		try (InputStream stream = response.getBody()) {
			byte[] buffer = new byte[8192];
			int length = stream.read(buffer);
			while (length >= 0 && body.size() + length <= limit.toBytes()) {
				body.write(buffer, 0, length);
				length = stream.read(buffer);
			}
			whole = length < 0;
		}
		catch (IOException ex) {
			// Cut, or too slow. What came may still name a job.
		}
		return new Answer(response.getStatusCode().value(), response.getHeaders(), body.toByteArray(), whole,
				this.json);
	}

	private static AkashGenException translate(String what, ResourceAccessException ex) {
		Throwable cause = (ex.getCause() != null) ? ex.getCause() : ex;
		if (cause instanceof HttpTimeoutException && !(cause instanceof HttpConnectTimeoutException)) {
			return new AkashGenException.TooLate("AkashGen did not answer in time when asked for " + what, cause);
		}
		if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
			return new AkashGenException.Unavailable("AkashGen cannot be reached", cause);
		}
		return new AkashGenException.Unavailable("AkashGen broke off the connection when asked for " + what, cause);
	}

}
