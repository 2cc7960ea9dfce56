package io.github.akashgen2api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.akashgen2api.shutdown.ShutdownDrain;
import jakarta.servlet.ServletContext;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.jetty.JettyWebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The service as a whole on a port of its own, and a caller who holds its key {@code k}.
 * As an extension it ends with the last test.
 */
final class RunningService implements AutoCloseable, AfterAllCallback {

	static final JsonMapper JSON = new JsonMapper();

	private static final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final ConfigurableApplicationContext context;

	private RunningService(ConfigurableApplicationContext context) {
		this.context = context;
	}

	/**
	 * Start a service.
	 * @param settings environment variables or properties, as {@code NAME=value}
	 */
	static RunningService against(AkashGenDouble akashGen, String... settings) {
		return against(akashGen.server.baseUrl(), settings);
	}

	/**
	 * Start a service.
	 * @param akashGen the address of an AkashGen
	 * @param settings environment variables or properties, as {@code NAME=value}
	 */
	static RunningService against(String akashGen, String... settings) {
		return start(akashGen, List.of(), settings);
	}

	/**
	 * Start a service that is asked as soon as it can be.
	 * @param first who asks, before anybody else can
	 * @param settings environment variables or properties, as {@code NAME=value}
	 */
	static RunningService askedBy(Consumer<RunningService> first, AkashGenDouble akashGen, String... settings) {
		ApplicationListener<WebServerInitializedEvent> opened = (event) -> first
			.accept(new RunningService((ConfigurableApplicationContext) event.getApplicationContext()));
		return start(akashGen.server.baseUrl(), List.of(opened), settings);
	}

	private static RunningService start(String akashGen, List<ApplicationListener<WebServerInitializedEvent>> listeners,
			String... settings) {
		Map<String, String> arguments = new LinkedHashMap<>();
		Stream<String> usual = Stream.of("PORT=0", "API_KEY=k", "POLL_INTERVAL=10ms", "POLL_MAX_ATTEMPTS=5",
				"FOLLOW_FOR=0s", "akash.outage.after=1000", "polling.lookups-per-second=1000", "ADOPT_WITHIN=0s",
				"DATA_DIR=data/" + UUID.randomUUID(), "IMAGE_STORE_SIZE=0B", "images.download-delay=10ms",
				"AKASH_BASE_URL=" + akashGen);
		Stream.concat(usual, Stream.of(settings))
			.forEach((setting) -> arguments.put(setting.substring(0, setting.indexOf('=')), "--" + setting));
		SpringApplication application = new SpringApplication(AkashGen2ApiApplication.class);
		application.setMainApplicationClass(AkashGen2ApiApplication.class);
		application.addInitializers((context) -> listeners.forEach(context::addApplicationListener));
		return new RunningService(application.run(arguments.values().toArray(String[]::new)));
	}

	String origin() {
		return "http://localhost:" + this.context.getEnvironment().getProperty("local.server.port");
	}

	/** All settings, as a log would show them. */
	List<String> settings() {
		return this.context.getBeansWithAnnotation(ConfigurationProperties.class)
			.values()
			.stream()
			.map(Object::toString)
			.toList();
	}

	/** Whether the service has not closed its connection to this client. */
	boolean isConnected(Socket client) {
		Server server = ((JettyWebServer) ((WebServerApplicationContext) this.context).getWebServer()).getServer();
		return server.getConnectors()[0].getConnectedEndPoints()
			.stream()
			.map((endPoint) -> ((InetSocketAddress) endPoint.getRemoteSocketAddress()).getPort())
			.anyMatch((port) -> port == client.getLocalPort());
	}

	/** Whether it has been told to stop. */
	boolean isStopping() {
		return this.context.isClosed();
	}

	/** How many callers wait for images. */
	int waiting() {
		return this.context.getBean(ShutdownDrain.class).waiting();
	}

	/** The routes of the service's own controllers. */
	Map<RequestMappingInfo, HandlerMethod> routes() {
		return this.context.getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
			.getHandlerMethods();
	}

	HttpResponse<String> complete(String prompt) {
		return post("{\"messages\":[{\"role\":\"user\",\"content\":%s}]}".formatted(JSON.writeValueAsString(prompt)));
	}

	HttpResponse<String> post(String body) {
		return post("/v1/chat/completions", body, "Authorization", "Bearer k", "Content-Type", "application/json");
	}

	HttpResponse<String> post(String path, String body, String... headers) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(origin() + path))
			.POST(HttpRequest.BodyPublishers.ofString(body));
		return send(request, HttpResponse.BodyHandlers.ofString(), headers);
	}

	HttpResponse<String> post(String path, byte[] body, String... headers) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(origin() + path))
			.POST(HttpRequest.BodyPublishers.ofByteArray(body));
		return send(request, HttpResponse.BodyHandlers.ofString(), headers);
	}

	HttpResponse<String> get(String path, String... headers) {
		return send(HttpRequest.newBuilder(URI.create(origin() + path)), HttpResponse.BodyHandlers.ofString(), headers);
	}

	HttpResponse<String> delete(String path, String... headers) {
		return send(HttpRequest.newBuilder(URI.create(origin() + path)).DELETE(), HttpResponse.BodyHandlers.ofString(),
				headers);
	}

	HttpResponse<byte[]> bytes(String method, String path, String... headers) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(origin() + path))
			.method(method, HttpRequest.BodyPublishers.noBody());
		return send(request, HttpResponse.BodyHandlers.ofByteArray(), headers);
	}

	/** Each answer must be as {@code openapi.yaml} says. */
	private <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler,
			String... headers) {
		for (int i = 0; i < headers.length; i += 2) {
			request.header(headers[i], headers[i + 1]);
		}
		try {
			HttpResponse<T> response = client.send(request.timeout(Duration.ofMinutes(1)).build(), handler);
			check(response);
			return response;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private void check(HttpResponse<?> response) {
		String method = response.request().method();
		ServletContext servlets = ((WebApplicationContext) this.context).getServletContext();
		String prefix = (servlets != null) ? servlets.getContextPath() : "";
		String path = response.request().uri().getRawPath();
		String body = (response.body() instanceof byte[] bytes) ? new String(bytes, StandardCharsets.UTF_8)
				: String.valueOf(response.body());
		OpenApiDocument.check(method, path.startsWith(prefix + "/") ? path.substring(prefix.length()) : "//" + path,
				response.statusCode(), response.headers().map(), method.equals("HEAD") ? null : body);
	}

	/** Order a completion as a stream, and leave when the stream has begun. */
	void beginAndLeave(String body) {
		beginAndLeave("/v1/chat/completions", body);
	}

	/** Order a stream, and leave when it has begun. */
	void beginAndLeave(String path, String body) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), URI.create(origin()).getPort())) {
			socket.getOutputStream()
				.write(("POST " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer k\r\nContent-Length: "
						+ body.length() + "\r\n\r\n" + body)
					.getBytes(StandardCharsets.UTF_8));
			InputStream answer = socket.getInputStream();
			assertThat(new String(answer.readNBytes(13), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200 ");
			socket.setSoLinger(true, 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static JsonNode json(HttpResponse<String> response) {
		return JSON.readTree(response.body());
	}

	/** Have many callers do the same at once. */
	static <T> List<T> atOnce(int callers, Callable<T> call) {
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			return threads.invokeAll(IntStream.range(0, callers).mapToObj((_) -> call).toList())
				.stream()
				.map((future) -> {
					try {
						return future.get();
					}
					catch (InterruptedException | ExecutionException ex) {
						throw new IllegalStateException(ex);
					}
				})
				.toList();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void afterAll(ExtensionContext context) {
		close();
	}

	@Override
	public void close() {
		this.context.close();
	}

}
