package io.github.akashgen2api.akash;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.BooleanSupplier;

import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;

/**
 * A 200 of AkashGen's whose body is read as it arrives.
 *
 * @param what what was requested
 * @param headers its headers
 * @param body the body; whoever lends it closes its connection
 * @param isLate whether it was cut at the exchange's timeout
 * @param json reads its start, where that is judged
 */
record StreamedResponse(String what, HttpHeaders headers, InputStream body, BooleanSupplier isLate, JsonMapper json) {

	/**
	 * How the body ended that could not be read on.
	 */
	UpstreamResponse.End endAfter(IOException failure) {
		return switch (failure) {
			case JsonScanner.MalformedException _ -> UpstreamResponse.End.PROPER;
			case JsonScanner.TooLargeException _ -> UpstreamResponse.End.TOO_LARGE;
			default -> this.isLate.getAsBoolean() ? UpstreamResponse.End.LATE : UpstreamResponse.End.CUT;
		};
	}

	/**
	 * The answer as far as it is remembered.
	 * @param start the first bytes of its body
	 */
	UpstreamResponse answer(byte[] start, UpstreamResponse.End end) {
		return new UpstreamResponse(this.what, 200, this.headers, start, end, this.json);
	}

	ResponseExcerpt excerpt(byte[] start) {
		return answer(start, UpstreamResponse.End.PROPER).excerpt();
	}

}
