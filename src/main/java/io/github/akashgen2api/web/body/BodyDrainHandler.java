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
 * Reads and discards the rest of a request's body after the answer. Many clients read the
 * answer only after they have sent the whole body, and lose it if the connection is
 * closed earlier.
 * <p>
 * The limits depend on whether the client has a valid key. Beyond them, the connection is
 * closed. If that is known in time, the answer has {@code Connection: close}.
 * <p>
 * This is a Jetty handler and not a filter, as Jetty answers some requests itself.
 */
public final class BodyDrainHandler extends Handler.Wrapper {

	private static final String ADMITTED = BodyDrainHandler.class.getName() + ".ADMITTED";

	private final BodyDrain anonymous;

	private final BodyDrain admitted;

	BodyDrainHandler(BodyProperties settings) {
		this.anonymous = new BodyDrain(64, DataSize.ofKilobytes(64), settings.drain(), settings.drain());
		this.admitted = new BodyDrain(8, settings.drainLimit(), Duration.ofSeconds(30), settings.drain());
	}

	/**
	 * Mark a request as one with a valid key.
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
		request.addHttpStreamWrapper(body::track);
		Callback drained = Callback.from(() -> finish(body, callback), (error) -> {
			body.release();
			callback.failed(error);
		});
		if (!super.handle(request, response, drained)) {
			Response.writeError(request, response, drained, HttpStatus.NOT_FOUND_404);
		}
		return true;
	}

	private void finish(Body body, Callback callback) {
		BodyDrain reserved = body.reserved.getAndSet(null);
		if (!body.isRead && reserved != null) {
			reserved.begin(body.request, body.isSent(), callback);
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
	 * The state of a request's body.
	 */
	private final class Body {

		private final Request request;

		private final boolean expectsContinue;

		private volatile boolean isContinued;

		private volatile boolean isRead;

		private final AtomicReference<@Nullable BodyDrain> reserved = new AtomicReference<>();

		private long length;

		Body(Request request) {
			this.request = request;
			this.expectsContinue = request.getHeaders().contains(HttpHeader.EXPECT);
		}

		/** A client that sends {@code Expect} sends its body only after a 100. */
		boolean isSent() {
			return this.isContinued || !this.expectsContinue;
		}

		/** Whether the connection can stay open after the answer. */
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

		HttpStream track(HttpStream stream) {
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
