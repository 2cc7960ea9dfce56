package io.github.akashgen2api.web.server;

import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;

/**
 * A connection that reads headers within a {@link HeaderBudget}. Jetty limits only the
 * bytes of the headers, but each field, of at least three bytes, becomes an object.
 */
final class HeaderBudgetConnection extends IdleTimeoutConnection {

	/** More than a browser and several proxies send together. */
	static final int MAX_FIELDS = 200;

	/** The heap of a field without its characters. */
	private static final int BYTES_PER_FIELD = 100;

	/** Copies of the request line: the URI, its path, the decoded path, the query. */
	private static final int COPIES_OF_URI = 4;

	private final HeaderBudget.Share share;

	/** The bytes read when the last request was answered. */
	private volatile long bytesBefore;

	private HeaderBudgetConnection(HttpConfiguration configuration, Connector connector, EndPoint endPoint,
			HeaderBudget budget) {
		super(configuration, connector, endPoint);
		this.share = budget.share();
	}

	@Override
	protected RequestHandler newRequestHandler() {
		return new CountingHandler();
	}

	@Override
	protected HttpStreamOverHTTP1 newHttpStream(String method, String uri, HttpVersion version) {
		return new ReleasingStream(method, uri, version);
	}

	/** An incomplete field takes memory too, two bytes a character. */
	@Override
	public void onFillable() {
		super.onFillable();
		if (getParser().inHeaderState() && !this.share.growTo(2 * (getBytesIn() - this.bytesBefore))) {
			getEndPoint().close();
		}
	}

	@Override
	public void onClose(Throwable cause) {
		this.share.close();
		super.onClose(cause);
	}

	private void answered() {
		this.bytesBefore = getBytesIn();
		this.share.release();
	}

	static final class Factory extends HttpConnectionFactory {

		private final HeaderBudget budget;

		Factory(HttpConfiguration configuration, HeaderBudget budget) {
			super(configuration);
			this.budget = budget;
		}

		@Override
		public Connection newConnection(Connector connector, EndPoint endPoint) {
			return configure(new HeaderBudgetConnection(getHttpConfiguration(), connector, endPoint, this.budget),
					connector, endPoint);
		}

	}

	private final class CountingHandler extends RequestHandler {

		private int fields;

		private long bytes;

		@Override
		public void startRequest(String method, String uri, HttpVersion version) {
			super.startRequest(method, uri, version);
			this.fields = 0;
			this.bytes = 0;
			hold((long) COPIES_OF_URI * uri.length());
		}

		@Override
		public void parsedHeader(HttpField field) {
			if (++this.fields > MAX_FIELDS) {
				throw new HttpException.RuntimeException(HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431);
			}
			String value = field.getValue();
			hold(BYTES_PER_FIELD + field.getName().length() + ((value != null) ? value.length() : 0));
			super.parsedHeader(field);
		}

		private void hold(long more) {
			this.bytes += more;
			if (!HeaderBudgetConnection.this.share.growTo(this.bytes)) {
				throw new HttpException.RuntimeException(HttpStatus.SERVICE_UNAVAILABLE_503);
			}
		}

	}

	private final class ReleasingStream extends HttpStreamOverHTTP1 {

		ReleasingStream(String method, String uri, HttpVersion version) {
			super(method, uri, version);
		}

		@Override
		public void succeeded() {
			answered();
			super.succeeded();
		}

		@Override
		public void failed(Throwable cause) {
			answered();
			super.failed(cause);
		}

	}

}
