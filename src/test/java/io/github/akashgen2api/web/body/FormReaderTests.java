package io.github.akashgen2api.web.body;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

import com.sun.management.ThreadMXBean;
import io.github.akashgen2api.budget.TextBudget;
import io.github.akashgen2api.budget.TooMuchTextException;
import io.github.akashgen2api.web.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for {@link FormReader}. Forms are written with {@code |} for line ends and
 * apostrophes for quotes.
 */
class FormReaderTests {

	private final MessageDigest identity = Sha256.newDigest();

	private final AtomicLong texts = new AtomicLong();

	@Test
	void textsAreReadAndFilesDigested() throws IOException {
		byte[] image = image(100_000);
		Map<String, Object> form = read(form("x", part("prompt", "一只狐狸\r\nin the snow"), file("image[]", image),
				file("image[]", new byte[0]), part("n", "2"), part("user", "ignored"), file("mask", image)), "x");
		assertThat(form).isEqualTo(Map.of("prompt", "一只狐狸\r\nin the snow", "n", "2", "image",
				List.of("data:;base64," + sha256(image), "data:;base64," + sha256(new byte[0]))));
		assertThat(this.texts).hasValue(2L * "一只狐狸\r\nin the snow2".getBytes(StandardCharsets.UTF_8).length);
	}

	@ParameterizedTest
	@ValueSource(strings = { "image", "image[]", "image[3]" })
	void imageMayBeALink(String name) throws IOException {
		assertThat(read(form("x", part(name, "http://a/images?id=b")), "x"))
			.isEqualTo(Map.of("image", "http://a/images?id=b"));
	}

	@Test
	void promptMayBeAFile() throws IOException {
		assertThat(read(form("x", file("prompt", "a fox".getBytes(StandardCharsets.UTF_8))), "x"))
			.isEqualTo(Map.of("prompt", "a fox"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "--x|Content-Disposition: form-data; name='n'||1|--x--",
			"preamble|--x  |content-disposition: form-data; name=n||1|--x--|epilogue|--x|",
			"--x|Content-Type: text/plain; charset=utf-8|Content-Disposition: form-data; name='n'||1|--x--|" })
	void formsAreReadLeniently(String form) throws IOException {
		for (String end : new String[] { "\r\n", "\n" }) {
			byte[] bytes = form.replace("|", end).replace('\'', '"').getBytes(StandardCharsets.UTF_8);
			assertThat(read(bytes, "x")).isEqualTo(Map.of("n", "1"));
		}
	}

	@Test
	void resultDoesNotDependOnTheSizeOfReads() throws IOException {
		byte[] image = ("\r\n--boundar\r\r\n--bound\r\n-" + "x".repeat(9000)).repeat(20)
			.getBytes(StandardCharsets.UTF_8);
		byte[] form = form("boundary", part("prompt", "\r\n-\r\n--bound\r"), file("image", image));
		Map<String, Object> expected = Map.of("prompt", "\r\n-\r\n--bound\r", "image", "data:;base64," + sha256(image));
		Random random = new Random(7);
		for (int most : new int[] { 1, 2, 7, 100, 9000 }) {
			InputStream pieces = new ByteArrayInputStream(form) {
				@Override
				public synchronized int read(byte[] bytes, int offset, int count) {
					return super.read(bytes, offset, Math.min(count, 1 + random.nextInt(most)));
				}
			};
			assertThat(reader("boundary").read(pieces)).isEqualTo(expected);
		}
	}

	@Test
	void identityDependsOnFieldsAndNotOnTheBoundary() throws IOException {
		byte[] image = image(100);
		read(form("x", part("prompt", "a"), file("image", image)), "x");
		byte[] first = this.identity.digest();
		read(form("another", part("prompt", "a"), file("image", image)), "another");
		assertThat(this.identity.digest()).isEqualTo(first);
		read(form("x", part("prompt", "a"), file("mask", image)), "x");
		assertThat(this.identity.digest()).isNotEqualTo(first);
		read(form("x", part("prompt", "a"), file("image", image(101))), "x");
		assertThat(this.identity.digest()).isNotEqualTo(first);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
			--x|Content-Disposition: form-data||1|       ~ it ends before its last boundary
			--x|Content-Disposition: form-data||1|--y--  ~ it ends before its last boundary
			--x|Content-Disposition: form-               ~ it ends before its last boundary
			{'prompt':'a fox'}                           ~ it ends before its last boundary
			--x|No header||1|--x--                       ~ invalid header name
			--xy|Content-Disposition: form-data||1|--x-- ~ bad last boundary
			""")
	void bodyThatIsNoFormIsRefused(String form, String reason) {
		byte[] bytes = form.replace("|", "\r\n").replace('\'', '"').getBytes(StandardCharsets.UTF_8);
		assertThatExceptionOfType(InvalidFormException.class).isThrownBy(() -> read(bytes, "x"))
			.withMessage("The request body is not a valid form: " + reason);
	}

	@Test
	void formsThatAreTooLargeAreRefused() {
		byte[][] parts = new byte[101][];
		Arrays.fill(parts, part("user", "x"));
		assertThatExceptionOfType(InvalidFormException.class).isThrownBy(() -> read(form("x", parts), "x"))
			.withMessageEndingWith("too many keys [101 > 100]");
		assertThatExceptionOfType(InvalidFormException.class)
			.isThrownBy(() -> read(form("x", part("n".repeat(9000), "x")), "x"))
			.withMessageEndingWith("headers max length exceeded: 8192");
		assertThatExceptionOfType(InvalidFormException.class)
			.isThrownBy(() -> read(form("x", part("prompt", "x".repeat(600_000)), part("n", "x".repeat(600_000))), "x"))
			.withMessage("The texts of the form are longer than 1 MB");
	}

	@Test
	void textBeyondTheBudgetIsRefused() {
		FormReader reader = new FormReader("x", fields(), this.identity, new TextBudget(1).open("k")::add);
		assertThatThrownBy(() -> reader.read(new ByteArrayInputStream(form("x", part("prompt", "a")))))
			.isInstanceOf(TooMuchTextException.class);
	}

	@Test
	void textThatIsNotUtf8IsRefused() {
		byte[] form = form("x", part("prompt", "caf\u00e9"));
		byte[] latin = new String(form, StandardCharsets.UTF_8).getBytes(StandardCharsets.ISO_8859_1);
		assertThatThrownBy(() -> read(latin, "x")).isInstanceOf(IOException.class)
			.hasMessage("The field prompt is not UTF-8; encode it as UTF-8");
	}

	@Test
	void filesAreNotHeldInMemory() throws IOException {
		byte[] megabyte = image(1024 * 1024);
		MessageDigest digest = Sha256.newDigest();
		InputStream file = new DigestInputStream(
				new SequenceInputStream(Collections
					.enumeration(Collections.nCopies(20, megabyte).stream().map(ByteArrayInputStream::new).toList())),
				digest);
		InputStream form = new SequenceInputStream(Collections.enumeration(List.of(
				new ByteArrayInputStream("--x\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a\"\r\n\r\n"
					.getBytes(StandardCharsets.UTF_8)),
				file, new ByteArrayInputStream("\r\n--x--\r\n".getBytes(StandardCharsets.UTF_8)))));
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		long before = threads.getCurrentThreadAllocatedBytes();
		Map<String, Object> read = reader("x").read(form);
		assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(8 * 1024 * 1024);
		assertThat(read).isEqualTo(Map.of("image", "data:;base64," + HexFormat.of().formatHex(digest.digest())));
	}

	private Map<String, Object> read(byte[] form, String boundary) throws IOException {
		return reader(boundary).read(new ByteArrayInputStream(form));
	}

	private FormReader reader(String boundary) {
		return new FormReader(boundary, fields(), this.identity, this.texts::addAndGet);
	}

	private static KnownFields fields() {
		return Fields.class.getAnnotation(KnownFields.class);
	}

	private static byte[] form(String boundary, byte[]... parts) {
		ByteArrayOutputStream form = new ByteArrayOutputStream();
		for (byte[] part : parts) {
			form.writeBytes(("--" + boundary + "\r\n").getBytes(StandardCharsets.UTF_8));
			form.writeBytes(part);
		}
		form.writeBytes(("--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
		return form.toByteArray();
	}

	private static byte[] part(String name, String text) {
		return part("name=\"" + name + '"', text.getBytes(StandardCharsets.UTF_8));
	}

	private static byte[] file(String name, byte[] content) {
		return part("name=\"" + name + "\"; filename=\"a.png\"\r\nContent-Type: image/png", content);
	}

	private static byte[] part(String parameters, byte[] content) {
		ByteArrayOutputStream part = new ByteArrayOutputStream();
		part.writeBytes(
				("Content-Disposition: form-data; " + parameters + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
		part.writeBytes(content);
		part.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
		return part.toByteArray();
	}

	private static byte[] image(int length) {
		byte[] image = new byte[length];
		new Random(length).nextBytes(image);
		return image;
	}

	private static String sha256(byte[] bytes) {
		return HexFormat.of().formatHex(Sha256.newDigest().digest(bytes));
	}

	@KnownFields(value = { "prompt", "n", "image" }, images = "image")
	private static final class Fields {

	}

}
