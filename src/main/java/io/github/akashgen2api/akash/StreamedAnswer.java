package io.github.akashgen2api.akash;

import java.io.IOException;
import java.io.InputStream;

import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;

/**
 * A 200 of AkashGen's whose body is read as it arrives.
 *
 * @param what what was asked for
 * @param headers its headers
 * @param body closed by whoever lends it
 * @param deadline when it has to be there, by {@code System.nanoTime()}
 * @param json reads its start, where that is judged
 */
record StreamedAnswer(String what, HttpHeaders headers, InputStream body, long deadline, JsonMapper json) {

	/**
	 * How the body ended that could not be read on.
	 */
	UpstreamResponse.End endAfter(IOException failure) {
		if (failure instanceof JsonScanner.MalformedException) {
			return UpstreamResponse.End.PROPER;
		}
		if (failure instanceof JsonScanner.TooLargeException) {
			return UpstreamResponse.End.TOO_LARGE;
		}
		return (System.nanoTime() >= this.deadline) ? UpstreamResponse.End.LATE : UpstreamResponse.End.CUT;
	}

	/**
	 * The answer as far as it is remembered.
	 * @param start the first bytes of its body
	 */
	UpstreamResponse answer(byte[] start, UpstreamResponse.End end) {
		return new UpstreamResponse(this.what, 200, this.headers, start, end, this.json);
	}

	Excerpt excerpt(byte[] start) {
		return answer(start, UpstreamResponse.End.PROPER).excerpt();
	}

}
