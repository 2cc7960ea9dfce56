package io.github.akashgen2api.settings;

/**
 * The service cannot start until the operator corrects a setting.
 */
class InvalidSettingException extends RuntimeException {

	/**
	 * Report a setting.
	 * @param name the environment variable or file
	 * @param reason what is wrong with it
	 */
	InvalidSettingException(String name, String reason) {
		super(name + " " + reason);
	}

}
