package io.github.akashgen2api.openai;

import java.io.IOException;
import java.time.InstantSource;

import io.github.akashgen2api.jobs.JobError;

/**
 * The events of one response, in OpenAI's order.
 */
final class ResponseEvents {

	private final SseWriter events;

	private final ResponseObject begun;

	private final InstantSource clock;

	private int count;

	private boolean isCallBegun;

	private ResponseEvents(SseWriter events, ResponseObject begun, InstantSource clock) {
		this.events = events;
		this.begun = begun;
		this.clock = clock;
	}

	/**
	 * Begin a response.
	 */
	static ResponseEvents begin(SseWriter events, ResponseObject begun, InstantSource clock) throws IOException {
		ResponseEvents response = new ResponseEvents(events, begun, clock);
		response.send("response.created", new ResponseEvent.OfResponse(begun));
		response.send("response.in_progress", new ResponseEvent.OfResponse(begun));
		return response;
	}

	void comment(String text) throws IOException {
		this.events.comment(text);
	}

	/** An image will come. Has no effect when repeated. */
	void beginCall(ResponseOutput.ImageCall call) throws IOException {
		if (!this.isCallBegun) {
			this.isCallBegun = true;
			send("response.output_item.added", new ResponseEvent.OfItem(call));
			send("response.image_generation_call.in_progress", new ResponseEvent.OfCall(call));
			send("response.image_generation_call.generating", new ResponseEvent.OfCall(call));
		}
	}

	void complete(ResponseOutput output) throws IOException {
		switch (output) {
			case ResponseOutput.ImageCall call -> {
				beginCall(call.begun());
				send("response.image_generation_call.completed", new ResponseEvent.OfCall(call));
			}
			case ResponseOutput.Message message -> {
				send("response.output_item.added", new ResponseEvent.OfItem(message.begun()));
				send("response.content_part.added", ResponseEvent.OfPart.part(message, ResponseOutput.Text.of("")));
				send("response.output_text.delta", ResponseEvent.OfPart.delta(message));
				send("response.output_text.done", ResponseEvent.OfPart.text(message));
				send("response.content_part.done", ResponseEvent.OfPart.part(message, message.text()));
			}
		}
		send("response.output_item.done", new ResponseEvent.OfItem(output));
		send("response.completed", new ResponseEvent.OfResponse(this.begun.completed(output, this.clock.instant())));
	}

	/**
	 * End the response, as OpenAI does: SDKs fail at the first event, and the second one
	 * is that of the documentation.
	 * @param body the error in OpenAI's shape
	 */
	void fail(Object body, JobError error) throws IOException {
		send("error", new ResponseEvent.OfError(body));
		send("response.failed", new ResponseEvent.OfResponse(this.begun.failed(error, this.clock.instant())));
	}

	private void send(String type, Object fields) throws IOException {
		this.events.event(type, new ResponseEvent(type, this.count++, fields));
	}

}
