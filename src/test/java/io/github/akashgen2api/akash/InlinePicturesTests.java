package io.github.akashgen2api.akash;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link InlinePictures}.
 */
class InlinePicturesTests {

	private static final int NO_LIMIT = 1 << 20;

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '^',
			textBlock = """
					["data:image/webp;base64,QUJD"]                                | ["data:image/webp;base64,#0"]   | ABC
					["data:image/svg+xml;base64,QQ=="]                             | ["data:image/svg+xml;base64,#0"] | A
					["data:image/png;base64,QUI"]                                  | ["data:image/png;base64,#0"]    | AB
					["data:image/webp;base64,"]                                    | ["data:image/webp;base64,#0"]   | ^^
					{"a":"","b":"data:image/png;base64,QUJD","c":"#0"}             | {"a":"","b":"data:image/png;base64,#0","c":"#0"} | ABC
					["狐data:","data:image/data:image/","data:image/x;base64,QUI="] | ["狐data:","data:image/data:image/","data:image/x;base64,#0"] | AB
					""")
	void pictureIsTakenOut(String json, String left, String picture) throws IOException {
		for (int most = 1; most <= 40; most++) {
			PictureShelf shelf = new PictureShelf(NO_LIMIT);
			assertThat(text(new InlinePictures(inPieces(json, most), NO_LIMIT, shelf))).isEqualTo(left);
			assertThat(shelf.take("#0")).asString(StandardCharsets.UTF_8).isEqualTo(picture);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "[\"data:image/webp;base64,QU\\/JD\"]", "[\"data:image/webp;base64,QU\\u002fJD\"]",
			"[\"data:image/webp;base64,Q\"]", "[\"data:image/webp;base64,#0\"]", "[\"data:image/webp;base64,狐\"]",
			"[\"data:image/WEBP;base64,QUJD\"]", "[\"data:image/webp;charset=x;base64,QUJD\"]",
			"[\"data:image/webp,QUJD\"]", "[\"data:text/html;base64,QUJD\"]", "[\" data:image/webp;base64,QUJD\"]",
			"[\"\\\"data:image/webp;base64,QUJD\\\"\"]", "[\"data:image/webp;base64\",\"QUJD\"]", "[]", "" })
	void whatIsNoPlainPictureIsLeft(String json) throws IOException {
		for (int most = 1; most <= 40; most++) {
			PictureShelf shelf = new PictureShelf(NO_LIMIT);
			assertThat(text(new InlinePictures(inPieces(json, most), NO_LIMIT, shelf))).isEqualTo(json);
			assertThat(shelf.take("#0")).isNull();
		}
	}

	@Test
	void pictureThatDoesNotEndIsDroppedAndWhatIsLeftIsNoJson() throws IOException {
		PictureShelf shelf = new PictureShelf(NO_LIMIT);
		InputStream cut = inPieces("[\"data:image/webp;base64,QUJD", 7);
		assertThat(text(new InlinePictures(cut, NO_LIMIT, shelf))).isEqualTo("[\"data:image/webp;base64,");
		assertThat(shelf.take("#0")).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "[\"data:image/webp;base64,QUJD\",\"data:image/webp;base64,REVG\"]",
			"[\"data:image/webp;base64,QUJDREVGR0hJ", "[\"data:image/webp;base64,QUJDRE\\" })
	void morePicturesThanTheLimitAreNotReadOn(String json) {
		InlinePictures pictures = new InlinePictures(inPieces(json, 3), 5, new PictureShelf(NO_LIMIT));
		assertThatIOException().isThrownBy(() -> text(pictures)).withMessage("More pictures than are taken");
	}

	@Test
	void oneByteAtATimeIsTheSame() throws IOException {
		InputStream json = inPieces("[\"狐\",\"data:image/webp;base64,QUJD\"]", 5);
		InlinePictures pictures = new InlinePictures(json, NO_LIMIT, new PictureShelf(NO_LIMIT));
		StringBuilder bytes = new StringBuilder();
		for (int one = pictures.read(); one >= 0; one = pictures.read()) {
			bytes.append((char) one);
		}
		assertThat(new String(bytes.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
			.isEqualTo("[\"狐\",\"data:image/webp;base64,#0\"]");
	}

	/** With the pictures put back, nothing is missing, whatever it was. */
	@RepeatedTest(200)
	void whatWasTakenApartTogetherIsWhatCame(RepetitionInfo repetition) throws IOException {
		Random random = new Random(repetition.getCurrentRepetition());
		StringBuilder json = new StringBuilder();
		for (int i = random.nextInt(60); i >= 0; i--) {
			json.append(switch (random.nextInt(9)) {
				case 0 -> "\"";
				case 1 -> "\"data:image/";
				case 2 -> "webp";
				case 3 -> ";base64,";
				case 4 -> "\\";
				case 5 -> "\"data:image/png;base64,";
				case 6 -> ",狐 ";
				default -> {
					byte[] bytes = new byte[random.nextInt(40_000)];
					random.nextBytes(bytes);
					yield Base64.getEncoder().encodeToString(bytes);
				}
			});
		}
		json.append('"');
		PictureShelf shelf = new PictureShelf(Long.MAX_VALUE);
		InputStream pieces = inPieces(json.toString(), 1 + random.nextInt(50_000));
		String together = text(new InlinePictures(pieces, Integer.MAX_VALUE, shelf));
		for (int i = 0; i < 60; i++) {
			byte[] picture = shelf.take("#" + i);
			if (picture != null) {
				String base64 = Base64.getEncoder().encodeToString(picture);
				together = together.replace(";base64,#" + i + "\"", ";base64," + base64 + "\"");
			}
		}
		assertThat(together.equals(json.toString())).isTrue();
	}

	private static InputStream inPieces(String json, int most) {
		return new FilterInputStream(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8))) {

			@Override
			public int read(byte[] target, int offset, int length) throws IOException {
				return super.read(target, offset, Math.min(length, most));
			}

		};
	}

	private static String text(InlinePictures pictures) throws IOException {
		try (pictures) {
			return new String(pictures.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

}
