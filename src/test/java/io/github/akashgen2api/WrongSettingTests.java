package io.github.akashgen2api;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * What the operator reads when a setting is wrong.
 */
@ExtendWith(OutputCaptureExtension.class)
class WrongSettingTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "PORT=abc | PORT is 'abc': must be a whole number",
			"PORT=70000 | PORT is '70000': must be less than or equal to 65535",
			"POLL_MAX_ATTEMPTS=0 | POLL_MAX_ATTEMPTS is '0': must be greater than or equal to 1",
			"POLL_MAX_ATTEMPTS=many | POLL_MAX_ATTEMPTS is 'many': must be a whole number",
			"POLL_INTERVAL=soon | POLL_INTERVAL is 'soon': 'soon' is not a valid duration",
			"POLL_INTERVAL=0s | POLL_INTERVAL is '0s': must be at least 1ms",
			"POLL_INTERVAL=-1s | POLL_INTERVAL is '-1s': must be at least 1ms",
			"AKASH_BASE_URL=chat.akash.network | AKASH_BASE_URL is 'chat.akash.network': must be an absolute http or https address",
			"AKASH_BASE_URL=ftp://chat.akash.network | AKASH_BASE_URL is 'ftp://chat.akash.network': must be an absolute http or https address",
			"AKASH_BASE_URL=https:// | AKASH_BASE_URL is 'https://': must be an absolute http or https address",
			"PUBLIC_BASE_URL=/pictures | PUBLIC_BASE_URL is '/pictures': must be an absolute http or https address",
			"PUBLIC_BASE_URL=http://a b/ | PUBLIC_BASE_URL is 'http://a b/': must be an absolute http or https address",
			"API_PREFIX=a//b | API_PREFIX is 'a//b': must be a path of letters, digits, '.', '_', '~' and '-' with single slashes between them",
			"API_PREFIX=../x | API_PREFIX is '../x': must be a path",
			"POLL_INTERVAL=99999999999999999999s | POLL_INTERVAL is '99999999999999999999s': cannot be understood",
			"IMAGE_STORE_SIZE=big | IMAGE_STORE_SIZE is 'big': must be a size such as 64MB",
			"IMAGE_STORE_SIZE=-1MB | IMAGE_STORE_SIZE is '-1MB': must not be negative",
			"IMAGE_STORE_SIZE=much | IMAGE_STORE_SIZE is 'much': must be a size such as 64MB",
			"API_KEY=, , | API_KEY (its value is secret) must contain a key, or several separated by commas",
			"API_KEY=two words | API_KEY (its value is secret) must contain only keys of visible ASCII characters, without spaces",
			"API_DIALECT=both | API_DIALECT is 'both': must be one of auto, simple, openai",
			"LOG_FORMAT=json | LOG_FORMAT is 'json': must be text or ecs",
			"LOG_FORMAT=ECS | LOG_FORMAT is 'ECS': must be text or ecs",
			"STREAM_KEEP_ALIVE=ping | STREAM_KEEP_ALIVE is 'ping': must be one of auto, comment, chunk, off",
			"ANSWER_CHORES=maybe | ANSWER_CHORES is 'maybe': must be true or false",
			"CORS_ALLOWED_ORIGINS=chat.example.com | CORS_ALLOWED_ORIGINS is 'chat.example.com': must be *, or origins such as https://chat.example.com, separated by commas",
			"CORS_ALLOWED_ORIGINS=https://a.example/chat | CORS_ALLOWED_ORIGINS is 'https://a.example/chat': must be *, or origins",
			"CORS_ALLOWED_ORIGINS=*, https://a.example | CORS_ALLOWED_ORIGINS is '*, https://a.example': must be *, or origins",
			"SESSION_TOKEN=a;b | SESSION_TOKEN (its value is secret) holds characters that a cookie cannot carry",
			"RATE_LIMIT_PER_KEY=30 | RATE_LIMIT_PER_KEY is '30': must be a number of requests and a period, such as 30/1m",
			"RATE_LIMIT_PER_KEY=0/1m | RATE_LIMIT_PER_KEY is '0/1m': must be a number of requests and a period, such as 30/1m",
			"RATE_LIMIT_PER_KEY=9/2d | RATE_LIMIT_PER_KEY is '9/2d': period must be at most 1d",
			"AKASH_COOKIE=cf_clearance | AKASH_COOKIE (its value is secret) must be cookies such as name=value; other=value",
			"AKASH_COOKIE=a=b; session_token=c | AKASH_COOKIE (its value is secret) must be cookies such as name=value; other=value, but not session_token, for which there is SESSION_TOKEN",
			"AKASH_ACCESS_TOKEN=two words | AKASH_ACCESS_TOKEN (its value is secret) must hold visible ASCII characters, without spaces",
			"HTTPS_PROXY=socks5://u:pass@proxy | HTTPS_PROXY (its value is secret) must be a proxy such as http://user:password@proxy.example.com:3128",
			"server.port=abc | server.port is 'abc': must be a whole number",
			"polling.interval=0s | polling.interval is '0s': must be at least 1ms",
			"https_proxy=socks5://u:pass@proxy | https_proxy (its value is secret) must be a proxy such as",
			"resilience4j.retry.instances.polling.max-attempts=2 | resilience4j.retry.instances.polling.max-attempts is not supported: set POLL_MAX_ATTEMPTS and POLL_INTERVAL instead",
			"RESILIENCE4J_RETRY_INSTANCES_POLLING_MAXATTEMPTS=2 | RESILIENCE4J_RETRY_INSTANCES_POLLING_MAXATTEMPTS is not supported: set POLL_MAX_ATTEMPTS",
			"resilience4j.retry.instances.polling-in-time.wait-duration=1s | resilience4j.retry.instances.polling-in-time.wait-duration is not supported: set POLL_MAX_ATTEMPTS",
			"HTTP_PROXY=u:p ss@proxy | HTTP_PROXY (its value is secret) must be a proxy such as" })
	void startEndsWithOneShortReport(String setting, String report, CapturedOutput output) {
		try (AkashGenDouble akashGen = new AkashGenDouble()) {
			assertThatException().isThrownBy(() -> RunningService.against(akashGen, setting).close());
		}
		assertThat(output).contains("APPLICATION FAILED TO START").contains(report);
		assertThat(output.getAll().lines()).noneMatch((line) -> line.startsWith("\tat "))
			.noneMatch((line) -> line.contains("WARN"));
		assertThat(output.getAll().lines().filter((line) -> line.contains(" ERROR "))).hasSize(1);
		if (report.contains("secret")) {
			assertThat(output).doesNotContain(setting.substring(setting.indexOf('=') + 1));
		}
	}

	@Test
	void settingThatIsBlankInTheEnvironmentCountsAsNotSet() {
		try (AkashGenDouble akashGen = new AkashGenDouble();
				RunningService service = RunningService.against(akashGen, "PUBLIC_BASE_URL=", "SESSION_TOKEN=",
						"API_PREFIX=", "CORS_ALLOWED_ORIGINS=")) {
			assertThat(service.complete("fox").statusCode()).isEqualTo(200);
		}
	}

}
