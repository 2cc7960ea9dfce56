package io.github.akashgen2api.akash;

/**
 * One message of a conversation, as AkashGen takes it.
 *
 * @param role who speaks
 * @param content what is said, in plain text
 */
public record Message(Role role, String content) {

	/** Who speaks. AkashGen's prompt writer heeds no other roles. */
	public enum Role {

		/** The one who wants a picture. */
		USER,

		/** The one who made the earlier pictures. */
		ASSISTANT

	}

}
