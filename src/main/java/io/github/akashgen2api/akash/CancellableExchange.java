package io.github.akashgen2api.akash;

import java.util.concurrent.atomic.AtomicReference;

import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;

/**
 * An exchange that can be ended at any time, which {@code RestClient} does not offer: it
 * is bound to the thread while the request is made.
 */
final class CancellableExchange {

	static final ScopedValue<CancellableExchange> CURRENT = ScopedValue.newInstance();

	private final HttpClientContext context = HttpClientContext.create();

	private final AtomicReference<@Nullable HttpUriRequestBase> request = new AtomicReference<>();

	private volatile boolean isLate;

	/** What HttpClient knows of the exchange. */
	HttpClientContext context() {
		return this.context;
	}

	/** Whether it was ended at its timeout. */
	boolean isLate() {
		return this.isLate;
	}

	private void begin(ClassicHttpRequest request) {
		HttpUriRequestBase made = (HttpUriRequestBase) request;
		this.request.set(made);
		if (this.isLate) {
			made.abort();
		}
	}

	/** The timeout is over. */
	void abort() {
		this.isLate = true;
		HttpUriRequestBase made = this.request.get();
		if (made != null) {
			made.abort();
		}
	}

	/** Closes the connection unless the answer was read to its end. */
	void end() {
		HttpUriRequestBase made = this.request.get();
		if (made != null) {
			made.cancel();
		}
	}

	/** Makes the requests of {@code RestClient} part of the thread's exchange. */
	static final class RequestFactory extends HttpComponentsClientHttpRequestFactory {

		RequestFactory(HttpClient client) {
			super(client);
			setHttpContextFactory((_, _) -> CURRENT.get().context());
		}

		@Override
		protected void postProcessHttpRequest(ClassicHttpRequest request) {
			CURRENT.get().begin(request);
		}

	}

}
