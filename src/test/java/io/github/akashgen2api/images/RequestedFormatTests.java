package io.github.akashgen2api.images;

import io.github.akashgen2api.akash.ImageFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link RequestedFormat}.
 */
class RequestedFormatTests {

	@ParameterizedTest
	@CsvSource({ "png, PNG", "PNG, PNG", "jpeg, JPEG", "jpg, JPEG", "JPG, JPEG", "webp, WEBP", "WebP, WEBP",
			"' png ', PNG" })
	void valueOfWhenFormatNameReturnsIt(String name, ImageFormat format) {
		assertThat(RequestedFormat.valueOf(name)).isEqualTo(new RequestedFormat(format, null));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " " })
	void valueOfWhenBlankReturnsNull(String name) {
		assertThat(RequestedFormat.valueOf(name)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "gif", "image/png", "p ng", "avif", "pn", "jpeg2000" })
	void valueOfWhenAnythingElseNamesTheAllowedFormats(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> RequestedFormat.valueOf(name))
			.withMessage("must be png, jpeg or webp");
	}

	@Test
	void ofWhenWebpIsRequestedOfAnotherFormatIsPng() {
		assertThat(RequestedFormat.valueOf("webp").of(ImageFormat.WEBP)).isEqualTo(ImageFormat.WEBP);
		assertThat(RequestedFormat.valueOf("webp").of(ImageFormat.PNG)).isEqualTo(ImageFormat.PNG);
		assertThat(RequestedFormat.valueOf("webp").of(ImageFormat.JPEG)).isEqualTo(ImageFormat.PNG);
		assertThat(RequestedFormat.valueOf("jpeg").of(ImageFormat.WEBP)).isEqualTo(ImageFormat.JPEG);
	}

	@ParameterizedTest
	@CsvSource({ "PNG, png", "JPEG, jpeg", "WEBP, webp" })
	void subtypeOfAFormatNamesIt(ImageFormat format, String name) {
		assertThat(format.subtype()).isEqualTo(name);
		assertThat(RequestedFormat.valueOf(format.subtype()).format()).isEqualTo(format);
	}

}
