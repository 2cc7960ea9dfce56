package io.github.akashgen2api.akash;

/**
 * One message of a conversation, as AkashGen takes it.
 *
 * @param role whose message it is
 * @param content what is said, in plain text
 */
public record Message(Role role, String content) {

	/** Who speaks. AkashGen's prompt writer heeds no other roles. */
	public enum Role {

		/** The client that wants an image. */
		USER,

		/** AkashGen, or what stands for it in the conversation. */
		ASSISTANT

	}

}
