package io.github.akashgen2api.web.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names keys in logs and in kept jobs: by an HMAC with a secret of the installation, so
 * that a weak key cannot be found from its name.
 */
final class KeyFingerprints {

	private static final Logger logger = LoggerFactory.getLogger(KeyFingerprints.class);

	private static final String ALGORITHM = "HmacSHA256";

	private static final int SECRET_BYTES = 32;

	/** As many hex digits as tell an operator's keys apart. */
	private static final int LENGTH = 12;

	private final SecretKeySpec secret;

	private KeyFingerprints(byte[] secret) {
		this.secret = new SecretKeySpec(secret, ALGORITHM);
	}

	/**
	 * Use the secret in a file, which is created if there is none, readable by its owner
	 * only. Where it cannot be, the secret is another one at each start.
	 */
	static KeyFingerprints of(Path file) {
		byte[] random = new byte[SECRET_BYTES];
		new SecureRandom().nextBytes(random);
		try {
			if (!Files.exists(file)) {
				create(file, random);
			}
			byte[] secret = Files.readAllBytes(file);
			if (secret.length != SECRET_BYTES) {
				throw new IOException("must hold " + SECRET_BYTES + " bytes");
			}
			return new KeyFingerprints(secret);
		}
		catch (IOException ex) {
			logger.warn("Cannot use the secret in {}: until the next start, key fingerprints are made with another, "
					+ "and repeated requests do not find the jobs of earlier starts: {}", file, ex.toString());
			return new KeyFingerprints(random);
		}
	}

	/** At once as a whole, and never over one that another process has just created. */
	private static void create(Path file, byte[] secret) throws IOException {
		Path directory = file.toAbsolutePath().getParent();
		Files.createDirectories(directory);
		// Java creates it with mode 600.
		Path temporary = Files.createTempFile(directory, file.getFileName().toString(), ".new");
		try {
			Files.write(temporary, secret);
			Files.createLink(file, temporary);
		}
		catch (FileAlreadyExistsException ex) {
			logger.debug("Another process has created {}", file);
		}
		catch (UnsupportedOperationException | IOException ex) {
			// Not every file system has links.
			Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
		}
		finally {
			Files.deleteIfExists(temporary);
		}
	}

	/**
	 * The name of a key.
	 */
	String of(String key) {
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(this.secret);
			return hex(mac.doFinal(key.getBytes(StandardCharsets.UTF_8)));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every JDK has " + ALGORITHM, ex);
		}
	}

	/**
	 * The name of a key in the jobs that versions before November 2026 kept, which are
	 * found by it for a day.
	 */
	static String formerly(String key) {
		return hex(ApiKeys.digest(key));
	}

	private static String hex(byte[] digest) {
		return HexFormat.of().formatHex(digest).substring(0, LENGTH);
	}

}
