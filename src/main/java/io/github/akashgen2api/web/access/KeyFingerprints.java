package io.github.akashgen2api.web.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import io.github.akashgen2api.web.Sha256;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Computes the fingerprints that stand for keys in logs and in stored jobs. A fingerprint
 * is an HMAC with a secret of the installation, so that it does not reveal a weak key.
 */
final class KeyFingerprints {

	private static final Logger logger = LoggerFactory.getLogger(KeyFingerprints.class);

	private static final String ALGORITHM = "HmacSHA256";

	private static final int SECRET_BYTES = 32;

	/** Hex digits, enough to distinguish the keys of an installation. */
	private static final int LENGTH = 12;

	private final SecretKeySpec secret;

	private KeyFingerprints(byte[] secret) {
		this.secret = new SecretKeySpec(secret, ALGORITHM);
	}

	/**
	 * Use the secret in a file, which is created if it does not exist, readable only by
	 * its owner. If the file cannot be used, use a random secret until the next start.
	 */
	static KeyFingerprints of(Path file) {
		byte[] random = new byte[SECRET_BYTES];
		new SecureRandom().nextBytes(random);
		try {
			byte[] secret = SecretFile.readOrCreate(file, random);
			if (secret.length != SECRET_BYTES) {
				throw new IOException("must contain " + SECRET_BYTES + " bytes");
			}
			return new KeyFingerprints(secret);
		}
		catch (IOException ex) {
			logger.warn("Cannot use the secret in {}; key fingerprints use a random secret until the next start, "
					+ "and repeated requests do not find earlier jobs: {}", file, ex.toString());
			return new KeyFingerprints(random);
		}
	}

	/**
	 * The fingerprint of a key: 12 hex digits.
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
	 * The fingerprint of a key in jobs that a version before November 2026 stored. Such
	 * jobs exist for a day after an upgrade.
	 */
	static String former(String key) {
		return hex(Sha256.of(key));
	}

	private static String hex(byte[] digest) {
		return HexFormat.of().formatHex(digest).substring(0, LENGTH);
	}

}
