package io.github.akashgen2api;

import java.time.Duration;
import java.util.stream.Stream;

import org.springframework.boot.SpringApplication;

/**
 * Starts the service on this machine alone, with a stand-in AkashGen inside: no account
 * and no internet is needed to see it work. Its pictures are not kept on disk.
 */
public final class TestAkashGen2ApiApplication {

	private TestAkashGen2ApiApplication() {
	}

	public static void main(String[] args) {
		StandInAkashGen akashGen = StandInAkashGen.begin(Duration.ofSeconds(4));
		SpringApplication.from(AkashGen2ApiApplication::main)
			.run(Stream
				.concat(Stream.of("--AKASH_BASE_URL=" + akashGen.baseUrl(), "--API_KEY=demo", "--IMAGE_STORE_SIZE=0B",
						"--DATA_DIR=target/data", "--server.address=127.0.0.1"), Stream.of(args))
				.toArray(String[]::new));
	}

}
