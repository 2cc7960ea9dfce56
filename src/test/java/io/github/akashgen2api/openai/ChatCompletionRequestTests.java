package io.github.akashgen2api.openai;

import java.util.List;
import java.util.stream.Collectors;

import io.github.akashgen2api.akash.Message;
import io.github.akashgen2api.web.body.LenientScalars;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ChatCompletionRequest}. Its JSON is written with apostrophes for
 * quotes.
 */
class ChatCompletionRequestTests {

	private final JsonMapper json = LenientScalars.of(new JsonMapper());

	@Test
	void conversationWhenContentIsAString() {
		assertThat(conversation("[{'role':'user','content':' a red fox '}]")).containsExactly(user("a red fox"));
	}

	@Test
	void conversationWhenContentIsPartsJoinsTheTexts() {
		assertThat(conversation("""
				[{'role':'user','content':[
					{'type':'text','text':'a red fox'},
					{'type':'image_url','image_url':{'url':'data:image/png;base64,AAAA','detail':['x',{'text':'no'}]}},
					{'type':'input_text','text':'in the snow'},
					{'text':'at night'},
					'from afar',
					{'text':'please','type':'text','cache_control':{'type':'ephemeral'}},
					{'type':'input_audio','text':'not this','input_audio':{'data':'AAAA'}},
					{'type':'refusal','refusal':'no'}
				]}]""")).containsExactly(user("a red fox\nin the snow\nat night\nfrom afar\nplease"));
	}

	@Test
	void conversationWhenPartsAreLargeSkipsThem() {
		assertThat(
				conversation("[{'role':'user','content':[{'type':'image_url','image_url':{'url':'data:image/png;base64,"
						+ "A".repeat(5_000_000) + "'}},{'type':'text','text':'like this'}]}]"))
			.containsExactly(user("like this"));
	}

	@Test
	void conversationWhenThereAreUnknownFieldsIgnoresThem() {
		ChatCompletionRequest request = read(
				"""
						{'model':'gpt-image','stream':true,'temperature':0.5,'n':'two','tools':[{'type':'function'}],'user':null,
						'messages':[{'role':'user','content':'a fox','name':'me','parts':[{'text':'not this'}],'tool_calls':[]}]}""");
		assertThat(request.conversation()).containsExactly(user("a fox"));
		assertThat(request.modelOrDefault()).isEqualTo("gpt-image");
	}

	@Test
	void readWhenThereAreOtherFieldsKeepsNoneOfTheirNames() {
		assertThat(read("{'messages':[],'user':null,'tools':[{'a':1}]}").others()).hasSize(1).containsOnlyKeys("");
		assertThat(read("{'messages':[]}").hasOtherFields()).isFalse();
	}

	@Test
	void conversationOmitsOtherRoles() {
		assertThat(conversation("""
				[{'role':'system','content':'paint well'},{'role':'developer','content':'be nice'},
				{'role':'user','content':'a fox'},{'role':'assistant','content':'Here.'},
				{'role':'tool','content':'42'},{'role':'User','content':'a wolf'},
				{'role':'user','content':'in snow'}]""")).containsExactly(user("a fox"),
				new Message(Message.Role.ASSISTANT, "Here."), user("in snow"));
	}

	@Test
	void conversationOmitsMessagesWithoutText() {
		assertThat(conversation("""
				[{'role':'user','content':'  '},{'role':'assistant','content':null},{'role':'assistant'},
				{'role':'assistant','content':'![](http://localhost/images?id=1)'},{'role':'user','content':[]},
				{'role':'user','content':'a fox'},{'role':'assistant','content':''}]"""))
			.containsExactly(user("a fox"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "'' | messages is missing | messages",
			"'messages':null | messages is missing | messages", "'messages':[] | messages must not be empty | messages",
			"'messages':[{'role':'assistant','content':'x'}] | messages must contain a message with the role 'user' | messages",
			"'messages':[{'role':'system','content':' '}] | messages must contain a message with the role 'user' | messages",
			"'messages':[{'role':'system','content':'x'},{'role':'user','content':''}] | messages[1].content has no text; it must describe the image | messages[1].content",
			"'messages':'' | messages is missing | messages",
			"'messages':[{'role':'','content':'a'}] | messages[0].role is missing | messages[0].role",
			"'messages':[{'role':'user','content':''}] | messages[0].content has no text; it must describe the image | messages[0].content",
			"'messages':[{'role':'user','content':' '}] | messages[0].content has no text; it must describe the image | messages[0].content",
			"'messages':[{'role':'user','content':null}] | messages[0].content has no text; it must describe the image | messages[0].content",
			"'messages':[{'role':'user'}] | messages[0].content has no text; it must describe the image | messages[0].content",
			"'messages':[{'role':'user','content':[]}] | messages[0].content has no text; it must describe the image | messages[0].content",
			"'messages':[{'role':'user','content':[{'type':'image_url'}]}] | messages[0].content has no text; it must describe the image | messages[0].content",
			"'messages':[{'role':'user','content':'a'},{'role':'user','content':''}] | messages[1].content has no text; it must describe the image | messages[1].content",
			"'messages':[{'role':'user','content':''},{'role':'assistant','content':'b'}] | messages[0].content has no text; it must describe the image | messages[0].content",
			"'messages':[{'content':'a'}] | messages[0].role is missing | messages[0].role",
			"'messages':[{'role':null,'content':'a'}] | messages[0].role is missing | messages[0].role",
			"'messages':[{'role':'user','content':'a'},null] | messages[1].role is missing | messages[1].role" },
			quoteCharacter = '"')
	void conversationWhenThereIsNoPromptThrows(String fields, String message, String field) {
		ChatCompletionRequest request = read(fields.equals("''") ? "{}" : "{" + fields + "}");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(request::conversation)
			.withMessage(message)
			.satisfies((ex) -> assertThat(ex.field()).isEqualTo(field));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			value = { "{'messages':'a fox'} | messages", "{'messages':{'role':'user'}} | messages",
					"{'messages':5} | messages", "{'messages':['a fox']} | messages[0]",
					"{'messages':[[]]} | messages[0]", "{'messages':[{'role':[]}]} | messages[0].role",
					"{'messages':[{'role':{}}]} | messages[0].role",
					"{'messages':[{},{'content':5}]} | messages[1].content",
					"{'messages':[{'content':true}]} | messages[0].content",
					"{'messages':[{'content':{'text':'a'}}]} | messages[0].content",
					"{'messages':[{'content':[5]}]} | messages[0].content",
					"{'messages':[{'content':[null]}]} | messages[0].content",
					"{'messages':[{'content':[[]]}]} | messages[0].content",
					"{'messages':[{'content':[{'type':'text'}]}]} | messages[0].content",
					"{'messages':[{'content':[{'type':'text','text':null}]}]} | messages[0].content",
					"{'messages':[{'content':[{'type':'text','text':5}]}]} | messages[0].content",
					"{'model':[5]} | model", "{'model':{}} | model", "{'model':5} | model",
					"{'waitForImage':'yes'} | waitForImage", "{'waitForImage':2} | waitForImage",
					"{'stream_options':{'include_usage':[]}} | stream_options.include_usage",
					"{'waitForImage':{}} | waitForImage" })
	void readWhenATypeIsWrongNamesThePath(String body, String path) {
		assertThatExceptionOfType(MismatchedInputException.class).isThrownBy(() -> read(body))
			.satisfies((ex) -> assertThat(path(ex)).isEqualTo(path));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			value = { "5 | must be a string or an array of parts", "[5] | must contain parts that are objects",
					"[{'type':'text','text':5}] | must contain text parts whose text is a string" })
	void readWhenContentIsWrongSaysWhatItMustBe(String content, String message) {
		assertThatExceptionOfType(MismatchedInputException.class)
			.isThrownBy(() -> read("{'messages':[{'role':'user','content':" + content + "}]}"))
			.satisfies((ex) -> assertThat(ex.getOriginalMessage()).isEqualTo(message));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{", "{'messages':[{'content':[", "{'messages':[{'content':[{'type':'text',",
			"{'messages':[{'content':[{'type':{'a':[", "{'messages':[{'content':'a fo", "not JSON", "{} {}" })
	void readWhenNotJsonFails(String body) {
		assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> read(body))
			.satisfies(
					(ex) -> assertThat(ex).isInstanceOfAny(StreamReadException.class, MismatchedInputException.class));
	}

	@Test
	void optionalFieldsWhenEmptyAreNull() {
		ChatCompletionRequest request = read("{'model':' ','stream':'','stream_options':'','messages':[]}");
		assertThat(request.modelOrDefault()).isEqualTo("AkashGen");
		assertThat(request.isStreamed()).isFalse();
		assertThat(request.streamOptions()).isNull();
		assertThat(read("{'stream':'true','stream_options':{'include_usage':'1'}}").includesUsage()).isTrue();
	}

	@Test
	void modelOrDefaultWhenMissingIsAkashGen() {
		assertThat(read("{}").modelOrDefault()).isEqualTo("AkashGen");
		assertThat(read("{'model':null}").modelOrDefault()).isEqualTo("AkashGen");
	}

	@Test
	void conversationWhenThereAreOnlyInstructionsIsTheLast() {
		assertThat(conversation("""
				[{'role':'system','content':'a wolf'},{'role':'developer','content':' a fox '},
				{'role':'system','content':' '},{'role':'assistant','content':'Here.'}]"""))
			.containsExactly(user("a fox"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			value = { "'max_tokens':1 | 1", "'max_completion_tokens':16 | 16", "'max_output_tokens':'5' | 5",
					"'max_tokens':1.0 | 1", "'max_tokens':-1 | 2147483647", "'max_tokens':'many' | 2147483647",
					"'max_tokens':{'a':[1]} | 2147483647", "'max_tokens':1e99 | 2147483647",
					"'max_tokens':99999999999 | 2147483647" })
	void maxTokensIsTheNumberOrTheLargest(String field, int expected) {
		ChatCompletionRequest request = read("{" + field + ",'messages':[]}");
		assertThat(request.maxTokens()).isEqualTo(expected);
		assertThat(request.hasOtherFields()).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "{\"waitForImage\":\"\"}, true", "{\"waitForImage\":\"false\"}, false", "{\"waitForImage\":0}, false",
			"{\"waitForImage\":\" True \"}, true", "{}, true", "{\"waitForImage\":null}, true",
			"{\"waitForImage\":true}, true", "{\"waitForImage\":false}, false" })
	void isImageAwaitedUnlessRefused(String body, boolean expected) {
		assertThat(read(body).isImageAwaited()).isEqualTo(expected);
	}

	private ChatCompletionRequest read(String body) {
		return this.json.readValue(body.replace('\'', '"'), ChatCompletionRequest.class);
	}

	private List<Message> conversation(String messages) {
		return read("{'messages':" + messages + "}").conversation();
	}

	private static Message user(String content) {
		return new Message(Message.Role.USER, content);
	}

	private static String path(JacksonException ex) {
		return ex.getPath()
			.stream()
			.map((reference) -> (reference.getPropertyName() != null) ? "." + reference.getPropertyName()
					: "[" + reference.getIndex() + "]")
			.collect(Collectors.joining())
			.substring(1);
	}

}
