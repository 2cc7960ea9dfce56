package io.github.akashgen2api.settings;

/**
 * A setting that the operator has to correct before the service can start.
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
