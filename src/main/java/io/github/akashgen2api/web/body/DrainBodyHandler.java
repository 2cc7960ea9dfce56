package io.github.akashgen2api.web.body;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import jakarta.servlet.ServletRequest;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * Reads and discards what is left of a request's body after the request has been
 * answered, within bounds. Many clients look for the answer only when they have sent all
 * of the body, and a connection that is closed earlier loses it.
 * <p>
 * A client without a valid key may send little, for a short time. A client with a key may
 * send enough to learn that its body is too large. Beyond that the connection is closed;
 * where this is known in time, the answer carries {@code Connection: close}.
 * <p>
 * A handler and not a filter, as it also has to see what Jetty answers by itself.
 */
public final class DrainBodyHandler extends Handler.Wrapper {

	private static final String ADMITTED = DrainBodyHandler.class.getName() + ".ADMITTED";

	private final BodyDrain anonymous = new BodyDrain(64, DataSize.ofKilobytes(64), Duration.ofSeconds(2));

	private final BodyDrain admitted = new BodyDrain(8, DataSize.ofMegabytes(48), Duration.ofSeconds(30));

	/**
	 * Tell that the client has a valid key.
	 */
	public static void admit(ServletRequest request) {
		request.setAttribute(ADMITTED, true);
	}

	@Override
	public boolean handle(Request request, Response response, Callback callback) throws Exception {
		boolean hasBody = request.getLength() > 0 || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
		if (!hasBody) {
			return super.handle(request, response, callback);
		}
		Body body = new Body(request);
		request.addHttpStreamWrapper(body::watch);
		Callback finishing = Callback.from(() -> finish(body, callback), (failure) -> {
			body.release();
			callback.failed(failure);
		});
		if (!super.handle(request, response, finishing)) {
			Response.writeError(request, response, finishing, HttpStatus.NOT_FOUND_404);
		}
		return true;
	}

	private void finish(Body body, Callback callback) {
		BodyDrain reserved = body.reserved.getAndSet(null);
		if (!body.isRead && reserved != null) {
			reserved.begin(body.request, body.isDue(), callback);
			return;
		}
		if (reserved != null) {
			reserved.release();
		}
		callback.succeeded();
	}

	private BodyDrain drain(Request request) {
		return (request.getAttribute(ADMITTED) != null) ? this.admitted : this.anonymous;
	}

	/**
	 * How much of a body has been read.
	 */
	private final class Body {

		private final Request request;

		private final boolean isAskedFor;

		private volatile boolean isContinued;

		private volatile boolean isRead;

		private final AtomicReference<@Nullable BodyDrain> reserved = new AtomicReference<>();

		private long length;

		Body(Request request) {
			this.request = request;
			this.isAskedFor = request.getHeaders().contains(HttpHeader.EXPECT);
		}

		/** A client that asks whether to send its body does not, if it is not told to. */
		boolean isDue() {
			return this.isContinued || !this.isAskedFor;
		}

		/** Whether the connection can go on after the answer. */
		boolean reserve() {
			BodyDrain drain = drain(this.request);
			if (this.reserved.get() == null && drain.reserve()) {
				this.reserved.set(drain);
			}
			return this.reserved.get() != null && drain.isWithinLimit(this.request.getLength());
		}

		void release() {
			BodyDrain drain = this.reserved.getAndSet(null);
			if (drain != null) {
				drain.release();
			}
		}

		HttpStream watch(HttpStream stream) {
			return new HttpStream.Wrapper(stream) {

				@Override
				public Content.Chunk read() {
					Content.Chunk chunk = super.read();
					if (chunk != null) {
						Body.this.length += chunk.remaining();
						Body.this.isRead |= chunk.isLast() || Body.this.length == Body.this.request.getLength();
					}
					return chunk;
				}

				@Override
				public void prepareResponse(HttpFields.Mutable headers) {
					super.prepareResponse(headers);
					if (!Body.this.isRead && !Body.this.reserve()) {
						headers.put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
					}
				}

				@Override
				public void send(MetaData.Request request, MetaData.Response response, boolean last, ByteBuffer content,
						Callback callback) {
					if (response != null && response.getStatus() == HttpStatus.CONTINUE_100) {
						Body.this.isContinued = true;
					}
					super.send(request, response, last, content, callback);
				}
			};
		}

	}

}
