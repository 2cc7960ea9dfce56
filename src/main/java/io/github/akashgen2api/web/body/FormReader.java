package io.github.akashgen2api.web.body;

import java.io.ByteArrayOutputStream;
import java.io.CharConversionException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;

import io.github.akashgen2api.web.Sha256;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@code multipart/form-data} body (RFC 7578) as it arrives. Of its files, only
 * the digests are kept, and of its texts those of known fields.
 */
final class FormReader extends MultiPart.AbstractPartsListener {

	private static final int MAX_PARTS = 100;

	private static final int MAX_HEADERS = 8 * 1024;

	/** More than the longest prompt, whose length is checked later. */
	private static final int MAX_TEXT_BYTES = 1024 * 1024;

	private static final int BUFFER = 8192;

	/** PHP's notation for a field with several values. */
	private static final Pattern INDEX = Pattern.compile("\\[\\d{0,3}]$");

	private final MultiPart.Parser parser;

	private final Set<String> known;

	private final Set<String> images;

	private final MessageDigest identity;

	private final LongConsumer texts;

	private final Map<String, List<String>> fields = new LinkedHashMap<>();

	private final MessageDigest content = Sha256.newDigest();

	/** The text of the current part; {@code null} if it is not kept. */
	private @Nullable ByteArrayOutputStream text;

	private String contentType = "";

	private int textBytes;

	/** What has failed first; {@code null} if nothing has. */
	private @Nullable Exception failure;

	/**
	 * Create a reader.
	 * @param boundary separates the parts
	 * @param identity the digest of all names and contents, whatever the boundary is
	 * @param texts told how many bytes of text are read
	 */
	FormReader(String boundary, KnownFields fields, MessageDigest identity, LongConsumer texts) {
		this.parser = new MultiPart.Parser(boundary, this);
		this.parser.setMaxParts(MAX_PARTS);
		this.parser.setPartHeadersMaxLength(MAX_HEADERS);
		this.known = Set.of(fields.value());
		this.images = Set.of(fields.images());
		this.identity = identity;
		this.texts = texts;
	}

	/**
	 * Read a form to its end.
	 * @return the texts of the known fields, where an {@link ImageDigest} stands for a
	 * file; a list if a field has several
	 * @throws InvalidFormException if it is not a form, or too large
	 */
	Map<String, Object> read(InputStream body) throws IOException {
		byte[] buffer = new byte[BUFFER];
		int count = 0;
		while (count >= 0 && this.failure == null) {
			count = body.read(buffer);
			this.parser.parse(Content.Chunk.from(ByteBuffer.wrap(buffer, 0, Math.max(0, count)), count < 0));
		}
		switch (this.failure) {
			case null -> {
			}
			case IOException ex -> throw ex;
			case RuntimeException ex -> throw ex;
			case Exception ex -> throw new IllegalStateException(ex);
		}
		Map<String, Object> values = new LinkedHashMap<>();
		this.fields.forEach((name, texts) -> values.put(name, (texts.size() == 1) ? texts.getFirst() : texts));
		return values;
	}

	@Override
	public void onPartHeader(String name, String value) {
		super.onPartHeader(name, value);
		if (HttpHeader.CONTENT_TYPE.is(name)) {
			this.contentType = value.toLowerCase(Locale.ROOT);
		}
	}

	@Override
	public void onPartHeaders() {
		String field = field(getName());
		boolean isFile = this.images.contains(field) && (getFileName() != null || this.contentType.startsWith("image/")
				|| this.contentType.startsWith("application/octet-stream"));
		this.text = (this.known.contains(field) && !isFile) ? new ByteArrayOutputStream() : null;
	}

	@Override
	public void onPartContent(Content.Chunk chunk) {
		ByteBuffer bytes = chunk.getByteBuffer();
		this.content.update(bytes.slice());
		if (this.text == null || this.failure != null) {
			return;
		}
		this.textBytes += bytes.remaining();
		if (this.textBytes > MAX_TEXT_BYTES) {
			this.failure = new InvalidFormException("The texts of the form are longer than 1 MB");
			return;
		}
		try {
			// In UTF-8 here, and in two bytes a character then.
			this.texts.accept(2L * bytes.remaining());
			byte[] copy = new byte[bytes.remaining()];
			bytes.get(copy);
			this.text.writeBytes(copy);
		}
		catch (RuntimeException ex) {
			this.failure = ex;
		}
	}

	@Override
	public void onPart(@Nullable String name, @Nullable String fileName, HttpFields headers) {
		String field = field(name);
		byte[] digest = this.content.digest();
		this.identity.update((field + "\n").getBytes(StandardCharsets.UTF_8));
		this.identity.update(digest);
		this.contentType = "";
		if (this.known.contains(field) && this.failure == null) {
			String value = (this.text != null) ? decoded(field, this.text)
					: ImageDigest.url(HexFormat.of().formatHex(digest));
			this.fields.computeIfAbsent(field, (_) -> new ArrayList<>()).add(value);
		}
	}

	private String decoded(String field, ByteArrayOutputStream text) {
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text.toByteArray())).toString();
		}
		catch (CharacterCodingException ex) {
			this.failure = new CharConversionException("The field " + field + " is not UTF-8; encode it as UTF-8");
			return "";
		}
	}

	/** The name of a field, which may be that of an array. */
	private static String field(@Nullable String name) {
		return INDEX.matcher(Objects.requireNonNullElse(name, "")).replaceFirst("");
	}

	@Override
	public void onFailure(Throwable failure) {
		if (this.failure == null) {
			this.failure = new InvalidFormException("The request body is not a valid form: " + reason(failure));
		}
	}

	private static String reason(Throwable failure) {
		return switch (failure) {
			case EOFException _ -> "it ends before its last boundary";
			case HttpException ex -> ex.getReason();
			default -> String.valueOf(failure.getMessage());
		};
	}

}
