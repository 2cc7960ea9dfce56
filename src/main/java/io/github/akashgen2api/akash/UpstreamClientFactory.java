package io.github.akashgen2api.akash;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.github.akashgen2api.futures.Timeouts;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.http.converter.ByteArrayHttpMessageConverter;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import org.springframework.web.client.RestClient;

/**
 * The way to AkashGen: one connection pool, and a client on it for each kind of exchange.
 * An exchange is one request, which is never repeated; only {@link SameOriginRedirects}
 * are followed.
 */
@Component
class UpstreamClientFactory implements AutoCloseable {

	/**
	 * AkashGen closes an idle connection after 5 s, and an image that is submitted on a
	 * closing one is lost.
	 */
	private static final TimeValue KEEP_ALIVE = TimeValue.ofSeconds(4);

	/**
	 * Others on the way may close it earlier. To look takes a millisecond, which a
	 * connection in constant use need not pay.
	 */
	private static final TimeValue LOOK_AFTER = TimeValue.ofMilliseconds(100);

	/**
	 * Bounds the head of an answer to 800 KB. A connection has two of the buffers; the
	 * default is 32 KB each.
	 */
	private static final Http1Config HTTP = Http1Config.custom()
		.setMaxHeaderCount(100)
		.setMaxLineLength(8 * 1024)
		.setBufferSize(8 * 1024)
		.build();

	/**
	 * The timeouts of exchanges end reads. One of the socket's own, 3 minutes by default,
	 * would wake a thread for each read.
	 */
	private static final SocketConfig SOCKETS = SocketConfig.custom().setSoTimeout(Timeout.DISABLED).build();

	private final BaseUrl base;

	private final JsonMapper json;

	private final PoolingHttpClientConnectionManager connections;

	private final RestClient client;

	/** One for each client. */
	private final List<Timeouts> timeouts = new CopyOnWriteArrayList<>();

	/** Ends idle connections. */
	private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1,
			Thread.ofVirtual().name("upstream-clock").factory(), new ThreadPoolExecutor.DiscardPolicy());

	UpstreamClientFactory(AkashGenProperties settings, ProxyProperties proxies, JsonMapper json) {
		this.base = settings.baseUrl();
		this.json = json;
		// What asks AkashGen bounds the connections.
		this.connections = PoolingHttpClientConnectionManagerBuilder.create()
			.setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
			.setMaxConnPerRoute(Integer.MAX_VALUE)
			.setConnectionFactory(ManagedHttpClientConnectionFactory.builder().http1Config(HTTP).build())
			.setDnsResolver(new FirstAddress())
			.setDefaultSocketConfig(SOCKETS)
			.setDefaultConnectionConfig(ConnectionConfig.custom()
				.setConnectTimeout(Timeout.of(settings.connectTimeout()))
				.setValidateAfterInactivity(LOOK_AFTER)
				.build())
			.useSystemProperties()
			.build();
		Optional<HttpProxy> proxy = proxies.to(this.base);
		HttpClient client = HttpClients.custom()
			.setConnectionManager(this.connections)
			.setKeepAliveStrategy((_, _) -> KEEP_ALIVE)
			.setRequestExecutor(new ProxyAuthorization(proxy.map(HttpProxy::authorization).orElse(null),
					"https".equalsIgnoreCase(this.base.uri().getScheme())))
			.setProxy(proxy.map((via) -> new HttpHost(via.address().getHostString(), via.address().getPort()))
				.orElse(null))
			.setRedirectStrategy(new SameOriginRedirects(this.base))
			.setUserAgent(settings.userAgent())
			.setDefaultHeaders(headers(settings))
			.setDefaultRequestConfig(RequestConfig.custom()
				.setAuthenticationEnabled(false)
				.setCircularRedirectsAllowed(true)
				.setProtocolUpgradeEnabled(false)
				.build())
			.disableAuthCaching()
			.disableAutomaticRetries()
			.disableConnectionState()
			.disableContentCompression()
			.disableCookieManagement()
			.build();
		this.client = RestClient.builder()
			.requestFactory(new CancellableExchange.RequestFactory(client))
			.configureMessageConverters(
					(converters) -> converters.addCustomConverter(new ByteArrayHttpMessageConverter()))
			.build();
		var _ = this.clock.scheduleWithFixedDelay(this.connections::closeExpired, 1, 1, TimeUnit.SECONDS);
	}

	private static List<Header> headers(AkashGenProperties settings) {
		List<Header> headers = new ArrayList<>();
		// Cut, a compressed answer tells nothing, not even the id of a job that runs.
		headers.add(new BasicHeader(HttpHeaders.ACCEPT_ENCODING, "identity"));
		if (settings.cookie() != null) {
			headers.add(new BasicHeader(HttpHeaders.COOKIE, settings.cookie().header()));
		}
		return headers;
	}

	/**
	 * A client for one kind of exchange.
	 * @param what is requested, for messages
	 * @param timeout from an exchange's start to the last byte of its answer
	 * @param limit what is read of a body at most
	 */
	UpstreamClient client(String what, Duration timeout, DataSize limit) {
		Timeouts timeouts = new Timeouts("upstream-timeouts", timeout);
		this.timeouts.add(timeouts);
		return new UpstreamClient(what, this.client, this.base, timeouts, limit, this.json);
	}

	/**
	 * Close idle connections. Exchanges go on to their end.
	 */
	@Override
	public void close() {
		this.clock.shutdown();
		this.timeouts.forEach(Timeouts::close);
		this.connections.closeIdle(TimeValue.ZERO_MILLISECONDS);
	}

	/**
	 * Connects to one address of a host: each more would have the connect timeout once
	 * more.
	 */
	private static final class FirstAddress extends SystemDefaultDnsResolver {

		@Override
		public InetAddress[] resolve(String host) throws UnknownHostException {
			return new InetAddress[] { super.resolve(host)[0] };
		}

	}

	/**
	 * Shows the proxy its credentials, and nobody else. At once: HttpClient itself would
	 * send each request a second time.
	 */
	private static final class ProxyAuthorization extends HttpRequestExecutor {

		private final @Nullable String authorization;

		private final boolean isTunnelled;

		ProxyAuthorization(@Nullable String authorization, boolean isTunnelled) {
			this.authorization = authorization;
			this.isTunnelled = isTunnelled;
		}

		@Override
		public ClassicHttpResponse execute(ClassicHttpRequest request, HttpClientConnection connection,
				@Nullable HttpResponseInformationCallback callback, HttpContext context)
				throws IOException, HttpException {
			if (this.authorization != null && (!this.isTunnelled || Method.CONNECT.isSame(request.getMethod()))) {
				request.setHeader(HttpHeaders.PROXY_AUTHORIZATION, this.authorization);
			}
			return super.execute(request, connection, callback, context);
		}

	}

}
