package io.github.akashgen2api.akash;

import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;

import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import org.springframework.web.client.RestClient;

/**
 * The way to AkashGen: one connection pool, and wires over it for each kind of exchange.
 */
@Component
class UpstreamClientFactory {

	static {
		// The JDK reads these once, with its first client. AkashGen closes an idle
		// connection after 5 s: leave it before that, as a picture submitted on a closing
		// one is lost. And one exchange is one request: the JDK would repeat a GET whose
		// connection was cut, and a failed connect, where we count our own attempts.
		System.setProperty("jdk.httpclient.keepalive.timeout", "4");
		System.setProperty("jdk.httpclient.redirects.retrylimit", "1");
		System.setProperty("jdk.httpclient.disableRetryConnect", "true");
		// Else no password would reach a proxy on the way to an https address.
		System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
	}

	private final RestClient.Builder builder;

	private final HttpClient httpClient;

	/**
	 * For submits alone: a connection of the JDK's holds the body of the request that
	 * opened it for as long as it lives, and one that is used for polls lives long.
	 */
	private final HttpClient submitClient;

	private final JsonMapper json;

	/**
	 * A builder has a client of the JDK's in it, the first: it is not to come before us.
	 */
	@Autowired
	UpstreamClientFactory(ObjectProvider<RestClient.Builder> builders, AkashGenProperties settings,
			ProxyProperties proxies, JsonMapper json) {
		this(builders.getObject(), settings, proxies, json);
	}

	UpstreamClientFactory(RestClient.Builder builder, AkashGenProperties settings, ProxyProperties proxies,
			JsonMapper json) {
		this.json = json;
		Optional<HttpProxy> proxy = proxies.to(settings.baseUrl());
		// HTTP/1.1: over HTTP/2 the JDK fails requests past the server's stream limit.
		HttpClient.Builder client = HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_1_1)
			.followRedirects(HttpClient.Redirect.NEVER)
			.connectTimeout(settings.connectTimeout())
			.executor(Executors.newVirtualThreadPerTaskExecutor());
		proxy.ifPresent((via) -> client.proxy(ProxySelector.of(via.address())));
		this.httpClient = client.build();
		this.submitClient = client.build();
		this.builder = builder.baseUrl(settings.baseUrl().uri())
			.defaultHeader(HttpHeaders.USER_AGENT, settings.userAgent())
			// Cut, a compressed answer tells nothing, not even the id of a job that runs.
			.defaultHeader(HttpHeaders.ACCEPT_ENCODING, "identity")
			.defaultHeaders((headers) -> {
				if (settings.cookie() != null) {
					headers.set(HttpHeaders.COOKIE, settings.cookie().header());
				}
				// Shown to the proxy alone, the JDK sees to that.
				proxy.map(HttpProxy::authorization)
					.ifPresent((authorization) -> headers.set(HttpHeaders.PROXY_AUTHORIZATION, authorization));
			})
			.requestInterceptor(new SameOriginRedirects(settings.baseUrl()));
	}

	/**
	 * A client for one kind of exchange.
	 * @param what is asked for, for messages
	 * @param timeout from an exchange's start to its last byte
	 * @param limit what is read of a body at most
	 */
	UpstreamClient client(String what, Duration timeout, DataSize limit) {
		return client(this.httpClient, what, timeout, limit);
	}

	/**
	 * A client for submits, as above.
	 */
	UpstreamClient submitClient(String what, Duration timeout, DataSize limit) {
		return client(this.submitClient, what, timeout, limit);
	}

	private UpstreamClient client(HttpClient client, String what, Duration timeout, DataSize limit) {
		JdkClientHttpRequestFactory factory = new JdkClientHttpRequestFactory(client);
		factory.setReadTimeout(timeout);
		return new UpstreamClient(what, this.builder.clone().requestFactory(factory).build(), timeout, limit,
				this.json);
	}

}
