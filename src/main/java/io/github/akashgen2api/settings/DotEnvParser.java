package io.github.akashgen2api.settings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a {@code .env} file as Docker Compose does. Also accepts the encodings and
 * commands that editors and shells of other systems write.
 */
final class DotEnvParser {

	private static final int MAX_BYTES = 1024 * 1024;

	/** As sh, cmd, bash's {@code export -p} and PowerShell write it. */
	private static final Pattern VARIABLE = Pattern
		.compile("(?i:(?:export|set|declare\\s+-x)\\s+|\\$env:)?([A-Za-z_]\\w*)\\s*=\\s*(.*)");

	private static final Pattern QUOTED = Pattern.compile("(['\"])(.*?)\\1(?:\\s+#.*)?", Pattern.DOTALL);

	private static final Pattern COMMENT = Pattern.compile("(?:^|\\s+)#.*");

	private DotEnvParser() {
	}

	/**
	 * Read the variables of a file. Blank ones are omitted.
	 * @throws InvalidSettingException if it cannot be read; the message holds no value
	 */
	static Map<String, String> read(Path file) {
		if (!Files.exists(file)) {
			return Map.of();
		}
		if (Files.isDirectory(file)) {
			throw wrong("is a directory, but must be a file");
		}
		byte[] bytes = bytes(file);
		Charset charset = charset(bytes);
		String text = new String(bytes, charset);
		if (text.indexOf('\0') >= 0) {
			throw wrong("holds NUL bytes: save it as UTF-8");
		}
		return variables(text.replace("\uFEFF", "").lines().toList(), charset);
	}

	private static byte[] bytes(Path file) {
		try (InputStream in = Files.newInputStream(file)) {
			byte[] bytes = in.readNBytes(MAX_BYTES + 1);
			if (bytes.length > MAX_BYTES) {
				throw wrong("is larger than 1 MB");
			}
			return bytes;
		}
		catch (AccessDeniedException ex) {
			throw wrong("cannot be read: permission denied");
		}
		catch (IOException ex) {
			throw wrong("cannot be read: " + ex.getMessage());
		}
	}

	private static Charset charset(byte[] bytes) {
		if (bytes.length >= 2 && ((bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF)
				|| (bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE))) {
			return StandardCharsets.UTF_16;
		}
		try {
			StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
			return StandardCharsets.UTF_8;
		}
		catch (CharacterCodingException ex) {
			// Whichever encoding it is, ASCII is the same in it.
			return StandardCharsets.ISO_8859_1;
		}
	}

	private static Map<String, String> variables(List<String> lines, Charset charset) {
		Map<String, String> variables = new HashMap<>();
		for (int i = 0; i < lines.size(); i++) {
			String line = lines.get(i).strip();
			if (line.isEmpty() || line.startsWith("#")) {
				continue;
			}
			Matcher variable = VARIABLE.matcher(line);
			if (!variable.matches()) {
				// The line itself may hold a secret.
				throw wrong("is not of the form NAME=value in line " + (i + 1));
			}
			String value = value(variable.group(2));
			if (charset.equals(StandardCharsets.ISO_8859_1)
					&& !StandardCharsets.US_ASCII.newEncoder().canEncode(value)) {
				throw wrong("is not UTF-8 in line " + (i + 1) + ": save it as UTF-8");
			}
			variables.put(variable.group(1), value);
		}
		variables.values().removeIf(String::isBlank);
		return variables;
	}

	private static String value(String text) {
		return QUOTED.matcher(text).matches() ? unquoted(text) : COMMENT.matcher(text).replaceFirst("");
	}

	/** Remove the pair of quotes around a value, if it has one. */
	static String unquoted(String text) {
		Matcher quoted = QUOTED.matcher(text);
		return quoted.matches() ? quoted.group(2) : text;
	}

	private static InvalidSettingException wrong(String reason) {
		return new InvalidSettingException(".env", reason);
	}

}
