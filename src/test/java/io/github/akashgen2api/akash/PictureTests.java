package io.github.akashgen2api.akash;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Picture}.
 */
class PictureTests {

	private static final JobId ID = new JobId("job_44a92033");

	private static final PictureShelf SHELF = new PictureShelf(0);

	private static final BaseUrl BASE = BaseUrl.valueOf("https://chat.akash.network");

	private static final BaseUrl PREFIXED_BASE = BaseUrl.valueOf("https://example.org:8443/akash/chat/");

	@ParameterizedTest
	@CsvSource({ "cat, c974afcf0f655f4a76ceda1da4234ab6", "city, 60ea21491f6e9574442dae293b6f35cd",
			"fox, e4ef6c47f78694fb492beea557e825cc", "lighthouse, dee24a5540bba38ddcf954488bfe6fb6",
			"mountains, fa95285a4a2bc3fdf7722b248572c17f", "robot, 5c263d5c936cb7474e6550e4728fd6ad" })
	void ofWhenWebpIsOne(String name, String digest) {
		byte[] bytes = AkashGenSamples.paintingBytes(name);
		Picture picture = Picture.of(bytes);
		assertThat(picture.format()).isEqualTo(PictureFormat.WEBP);
		assertThat(picture.format().mediaType()).isEqualTo("image/webp");
		assertThat(picture.bytes()).isEqualTo(bytes);
		assertThat(picture.digest()).isEqualTo(digest);
	}

	@Test
	void ofWhenRecordedAsPngIsTheWebpThatItIs() {
		Recording recording = Recording.named("july-2025/6p-image-no-content-type");
		assertThat(recording.headers().getFirst("content-type")).isEqualTo("image/png");
		assertThat(Picture.of(recording.body()).format()).isEqualTo(PictureFormat.WEBP);
	}

	@Test
	void ofWhenPngIsOne() throws IOException {
		Picture picture = Picture.of(image("png"));
		assertThat(picture.format()).isEqualTo(PictureFormat.PNG);
		assertThat(picture.format().mediaType()).isEqualTo("image/png");
	}

	@Test
	void ofWhenJpegIsOne() throws IOException {
		Picture picture = Picture.of(image("jpeg"));
		assertThat(picture.format()).isEqualTo(PictureFormat.JPEG);
		assertThat(picture.format().mediaType()).isEqualTo("image/jpeg");
	}

	@Test
	void ofWhenWebpIsCutSaysSo() {
		byte[] bytes = AkashGenSamples.paintingBytes("fox");
		for (int length : new int[] { 12, 100, bytes.length / 2, bytes.length - 1 }) {
			assertThatIllegalArgumentException().isThrownBy(() -> Picture.of(Arrays.copyOf(bytes, length)))
				.withMessage("the WEBP file is cut");
		}
	}

	@Test
	void ofWhenWebpHasGrownIsNone() {
		byte[] bytes = AkashGenSamples.paintingBytes("fox");
		assertThatIllegalArgumentException().isThrownBy(() -> Picture.of(Arrays.copyOf(bytes, bytes.length + 1)))
			.withMessage("the WEBP file is cut");
	}

	@Test
	void ofWhenPngIsCutSaysSo() throws IOException {
		byte[] bytes = image("png");
		for (int length : new int[] { 8, 20, bytes.length / 2, bytes.length - 1 }) {
			assertThatIllegalArgumentException().isThrownBy(() -> Picture.of(Arrays.copyOf(bytes, length)))
				.withMessage("the PNG file is cut");
		}
	}

	@Test
	void ofWhenJpegIsCutSaysSo() throws IOException {
		byte[] bytes = image("jpeg");
		for (int length : new int[] { 3, 20, bytes.length / 2, bytes.length - 1 }) {
			assertThatIllegalArgumentException().isThrownBy(() -> Picture.of(Arrays.copyOf(bytes, length)))
				.withMessage("the JPEG file is cut");
		}
	}

	@Test
	void ofWhenEmptySaysSo() {
		assertThatIllegalArgumentException().isThrownBy(() -> Picture.of(new byte[0]))
			.withMessage("there are no bytes");
	}

	@ParameterizedTest
	@ValueSource(strings = { "<html>maintenance</html>", "{\"error\":\"Image not found\"}", "RIFF", "RIFF\0\0\0\0WEB",
			"RIFF\4\0\0\0WAVE", "GIF89a", "%PDF-1.7", "\0" })
	void ofWhenSomethingElseSaysSo(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> Picture.of(text.getBytes(StandardCharsets.ISO_8859_1)))
			.withMessage("the bytes are neither WebP, PNG nor JPEG");
	}

	@Test
	void ofWhenTheFirstElevenBytesOfAWebpIsNone() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Picture.of(Arrays.copyOf(AkashGenSamples.paintingBytes("fox"), 11)))
			.withMessage("the bytes are neither WebP, PNG nor JPEG");
	}

	@Test
	void digestWhenBytesDifferDiffers() {
		assertThat(AkashGenSamples.pictureOfLength(5).digest())
			.isNotEqualTo(AkashGenSamples.pictureOfLength(6).digest());
	}

	@ParameterizedTest
	@ValueSource(strings = { "job_44a92033_00001_.webp", "a", "A-1_b.c.png", ".hidden", "data" })
	void locationWhenPathIsAFile(String name) {
		assertThat(Picture.Location.of(ID, "/api/image/" + name, SHELF, BASE))
			.isEqualTo(new Picture.Location.File(name));
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://chat.akash.network/api/image/a.webp",
			"https://chat.akash.network:443/api/image/a.webp", "HTTPS://Chat.Akash.Network/api/image/a.webp" })
	void locationWhenAddressOfTheSameOriginIsAFile(String address) {
		assertThat(Picture.Location.of(ID, address, SHELF, BASE)).isEqualTo(new Picture.Location.File("a.webp"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api/image/a.webp", "https://example.org:8443/akash/chat/api/image/a.webp" })
	void locationWhenBaseHasAPathIsAFileBelowIt(String result) {
		assertThat(Picture.Location.of(ID, result, SHELF, PREFIXED_BASE))
			.isEqualTo(new Picture.Location.File("a.webp"));
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "https://example.org:8443/api/image/a.webp", "https://example.org:8443/akash/api/image/a.webp",
					"https://example.org:8443/akash/chatter/api/image/a.webp",
					"https://example.org/akash/chat/api/image/a.webp" })
	void locationWhenBaseHasAPathIsForeignOutsideOfIt(String result) {
		assertThat(Picture.Location.of(ID, result, SHELF, PREFIXED_BASE))
			.isEqualTo(new Picture.Location.Foreign(result));
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://evil.example/api/image/a.webp", "//evil.example/api/image/a.webp",
			"https://chat.akash.network.evil.example/api/image/a.webp",
			"https://chat.akash.network@evil.example/api/image/a.webp",
			"https://user@chat.akash.network/api/image/a.webp", "http://chat.akash.network/api/image/a.webp",
			"https://chat.akash.network:8443/api/image/a.webp", "https://chat.akash.network",
			"https://chat.akash.network/", "https://chat.akash.network/api/chat/", "file:///api/image/a.webp",
			"javascript:alert(1)", "https://[broken/api/image/a.webp", "/api/image", "/api/image/", "/api/chat/",
			"/api/image-status/?ids=x", "/api/images/a.webp", "api/image/a.webp", "/API/image/a.webp", "/api/image/..",
			"/api/image/.", "/api/image/../chat", "/api/image/a..b", "/api/image/%2e%2e", "/api/image/..%2fsecret",
			"/api/image/a%2Fb", "/api/image/a/b.webp", "/api/image/a.webp/", "/api/image/a.webp?x=1",
			"/api/image/a.webp#x", "/api/image/a b.webp", "/api/image/a\\b", "/api/image/ä.webp", "/api/image/a.webp\n",
			"https://chat.akash.network/api/image/..%2fsecret", "https://chat.akash.network/api/image/%61.webp",
			"https://chat.akash.network/api/image/a.webp?x=1", "https://chat.akash.network/api/image/a.webp#x",
			"https://chat.akash.network/x/../api/image/a.webp", "data:text/html;base64,PGI+", "data:image/webp,raw",
			"data:,", "No available workers" })
	void locationWhenAnythingElseIsForeign(String result) {
		assertThat(Picture.Location.of(ID, result, SHELF, BASE)).isEqualTo(new Picture.Location.Foreign(result));
	}

	@Test
	void locationWhenForeignRemembers200Characters() {
		assertThat(Picture.Location.of(ID, "x".repeat(100_000), SHELF, BASE))
			.isEqualTo(new Picture.Location.Foreign("x".repeat(200)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "webp", "png", "svg+xml", "vnd.x-y.z" })
	void locationWhenDataUrlHoldsThePicture(String subtype) {
		byte[] bytes = AkashGenSamples.paintingBytes("robot");
		String base64 = Base64.getEncoder().encodeToString(bytes);
		PictureShelf shelf = new PictureShelf(0);
		String result = "data:image/" + subtype + ";base64," + base64;
		assertThat(Picture.Location.of(ID, result, shelf, BASE)).isEqualTo(new Picture.Location.Inline(ID, "#0"));
		assertThat(shelf.take("#0")).isEqualTo(bytes);
	}

	@Test
	void locationWhenThePictureWasTakenOutIsThatPicture() {
		assertThat(Picture.Location.of(ID, "data:image/webp;base64,#7", SHELF, BASE))
			.isEqualTo(new Picture.Location.Inline(ID, "#7"));
	}

	@ParameterizedTest
	@CsvSource({ "UklG-RlQX, Illegal base64 character 2d", "'UklG\nRlQX', Illegal base64 character a" })
	void locationWhenDataUrlHoldsNoBase64SaysWhy(String base64, String reason) {
		assertThat(Picture.Location.of(ID, "data:image/webp;base64," + base64, SHELF, BASE))
			.isEqualTo(new Picture.Location.Undecodable(reason));
	}

	private static byte[] image(String format) throws IOException {
		BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		assertThat(ImageIO.write(image, format, bytes)).isTrue();
		return bytes.toByteArray();
	}

}
