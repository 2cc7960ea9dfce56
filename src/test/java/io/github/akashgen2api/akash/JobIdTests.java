package io.github.akashgen2api.akash;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link JobId}.
 */
class JobIdTests {

	@ParameterizedTest
	@ValueSource(strings = { "32aa59e6-0c2b-45dc-851e-b60f5eb8bd6f", "a", "A_b-9", "undefined2", "Null" })
	void newWhenPlainTokenIsOne(String value) {
		assertThat(JobId.isJobId(value)).isTrue();
		assertThat(new JobId(value)).hasToString(value);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "undefined", "null", "a b", "a.b", "..", "a/b", "a%2Fb", "a,b", "a&b", "a'b",
			"a\n", "ä", "١" })
	void newWhenNoPlainTokenIsRefused(String value) {
		assertThat(JobId.isJobId(value)).isFalse();
		assertThatIllegalArgumentException().isThrownBy(() -> new JobId(value))
			.withMessage("must be 1 to 128 letters, digits, '-' or '_'");
	}

	@Test
	void newWhenLongIsBounded() {
		assertThat(JobId.isJobId("a".repeat(128))).isTrue();
		assertThat(JobId.isJobId("a".repeat(129))).isFalse();
	}

}
