package io.github.akashgen2api.web.access;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ApiKeys}.
 */
class ApiKeysTests {

	@Test
	void containWhenOneOfTheKeys() {
		ApiKeys keys = ApiKeys.valueOf("sk-one, sk-two ,,sk-three,");
		assertThat(keys.digests()).hasSize(3);
		assertThat(keys.contain("sk-one")).isTrue();
		assertThat(keys.contain("sk-two")).isTrue();
		assertThat(keys.contain("sk-three")).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "sk-", "sk-one2", "SK-ONE", "sk-one,sk-two", " sk-one", "sk-one ", "sk-öne" })
	void containWhenAnythingElse(String key) {
		assertThat(ApiKeys.valueOf("sk-one,sk-two").contain(key)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "\t\n" })
	void valueOfWhenBlankIsNull(String text) {
		assertThat(ApiKeys.valueOf(text)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { ",", " , ,", ",\n" })
	void valueOfWhenOnlyCommasThrows(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> ApiKeys.valueOf(text))
			.withMessage("must contain a key, or several separated by commas");
	}

	@ParameterizedTest
	@ValueSource(strings = { "sk one", "sk-öne", "sk-one,sk\ttwo", "狐狸", "sk-\u0000", "sk-\u007f" })
	void valueOfWhenAKeyIsInvalidThrowsWithoutShowingIt(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> ApiKeys.valueOf(text))
			.withMessage("must contain only keys of visible ASCII characters, without spaces");
	}

	@Test
	void valueOfAcceptsAllVisibleCharacters() {
		String key = "!\"#$%&'()*+-./09:;<=>?@AZ[\\]^_`az{|}~";
		assertThat(ApiKeys.valueOf(key).contain(key)).isTrue();
	}

	@Test
	void toStringShowsNoSecret() {
		assertThat(ApiKeys.valueOf("sk-one,sk-two")).hasToString("ApiKeys[2 secret]");
	}

	@Test
	void digestsAreNotTheKeys() {
		assertThat(ApiKeys.valueOf("sk-one").digests().getFirst()).hasSize(32);
	}

	@Test
	void randomIsAKeyOf32HexDigits() {
		String key = ApiKeys.random();
		assertThat(key).matches("[0-9a-f]{32}");
		assertThat(ApiKeys.valueOf(key).contain(key)).isTrue();
	}

	@Test
	void randomIsDifferentEachTime() {
		assertThat(ApiKeys.random()).isNotEqualTo(ApiKeys.random());
	}

}
