package io.github.akashgen2api.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.akashgen2api.akash.Job;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.Message;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.h2.mvstore.MVStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MvStoreJobStore}.
 */
class MvStoreJobStoreTests {

	private static final Instant NOW = Instant.parse("2026-12-01T10:00:00Z");

	private static final byte[] SAMPLE = sample();

	@TempDir
	Path directory;

	@Test
	void jobComesBackAsItWas() {
		ImageJob job = submitted("a", "r", "key");
		job.markDelivered();
		job.suspect(1);
		try (JobStore store = store()) {
			assertThat(store.claim(job, Instant.EPOCH)).isEmpty();
			store.save(job);
		}
		try (JobStore store = store()) {
			assertThat(store.findByIdempotencyKey("key")).get().satisfies((found) -> {
				assertThat(found.toRecord()).isEqualTo(job.toRecord());
				assertThat(found.upstream()).isEqualTo(new Job(new JobId("a"), "a 'red' fox\n🦊", "blurry"));
			});
		}
	}

	@Test
	void conversationComesBackWhileItWaitsToBeSubmittedOnly() {
		ImageJob job = job("r", null);
		try (JobStore store = store()) {
			store.save(job);
		}
		assertThat(restored()).singleElement()
			.satisfies((found) -> assertThat(found.conversation().messages())
				.containsExactly(new Message(Message.Role.USER, "fox")));
		job.submitting();
		try (JobStore store = store()) {
			store.save(job);
		}
		assertThat(restored()).singleElement().satisfies((found) -> {
			assertThat(found.state()).isEqualTo(ImageJob.State.SUBMITTING);
			assertThat(found.conversation().messages()).isEmpty();
		});
	}

	@Test
	void whatAkashGenWasSentIsFoundUntilTheJobIsRemoved() {
		ImageJob job = job("r", null);
		try (JobStore store = keeping()) {
			store.save(job);
			job.submitting();
			job.conversation().drop();
			store.save(job);
		}
		try (JobStore store = keeping()) {
			assertThat(store.messages(job.id())).containsExactly(new Message(Message.Role.USER, "fox"));
			store.delete(job);
			assertThat(store.messages(job.id())).isEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "null", "[null]", "[{}]", "[{\"role\":\"USER\"}]", "[{\"role\":7,\"content\":\"a\"}]",
			"{" })
	void messagesThatCannotBeReadAreIgnored(String text) {
		assertThat(new JobRecordFormat(new JsonMapper()).readMessages(text)).isEmpty();
	}

	@Test
	void whatAkashGenWasSentIsForgottenWhereNoHistoryIsKept() {
		ImageJob job = job("r", null);
		try (JobStore store = store()) {
			store.save(job);
			assertThat(store.messages(job.id())).hasSize(1);
			job.submitting();
			store.save(job);
			assertThat(store.messages(job.id())).isEmpty();
		}
	}

	@ParameterizedTest
	@CsvSource({ "f, 65536, 1", "f, 65537, 0", "狐, 21845, 1", "狐, 21846, 0" })
	void conversationIsStoredUpTo64Kilobytes(String character, int times, int found) {
		ImageJob job = new ImageJob(new JobRequest(new RequestIdentity("k", "-", "r", null, null),
				new Conversation(List.of(new Message(Message.Role.USER, character.repeat(times))))), NOW);
		try (JobStore store = store()) {
			store.save(job);
			assertThat(store.messages(job.id())).hasSize(found);
		}
	}

	@Test
	void imageIsFoundByItsDigestAndTheKey() {
		ImageJob older = submitted("a", "r", null);
		ImageJob job = submitted("b", "s", null);
		Stream.of(older, job).forEach((each) -> each.imageStored("d1"));
		job.imageStored("d2");
		try (JobStore store = keeping()) {
			store.save(older);
			store.save(job);
		}
		try (JobStore store = keeping()) {
			assertThat(store.findByImage(job.key(), "d1")).contains(job.id());
			assertThat(store.findByImage(job.key(), "d2")).contains(job.id());
			assertThat(store.findByImage(job.key(), "d")).isEmpty();
			assertThat(store.findByImage("other", "d1")).isEmpty();
			store.delete(job);
			assertThat(store.findByImage(job.key(), "d1")).contains(older.id());
			assertThat(store.findByImage(job.key(), "d2")).isEmpty();
		}
	}

	@Test
	void deletedJobIsNotStoredAgainAndItsImageStaysMarked() {
		ImageJob job = submitted("a", "r", "key");
		try (JobStore store = store()) {
			store.claim(job, Instant.EPOCH);
			job.markDeleted(new JobError("job_deleted", "The job was deleted"), NOW);
			store.save(job);
			job.stopRunning(ImageJob.State.SUCCEEDED, null, NOW);
			store.saveLater(job);
			assertThat(store.find(job.id())).isEmpty();
			assertThat(store.findByUpstreamId("a")).isEmpty();
			assertThat(store.findByIdempotencyKey("key")).isEmpty();
		}
		try (JobStore store = store()) {
			assertThat(store.isImageDeleted("a")).isTrue();
			assertThat(store.isImageDeleted("b")).isFalse();
			assertThat(store.find(job.id())).isEmpty();
		}
	}

	@Test
	void recordThatWasReadBeforeTheJobWasDeletedDoesNotBringItBack() {
		ImageJob job = submitted("a", "r", null);
		try (JobStore store = keeping()) {
			store.save(job);
			ImageJob read = store.find(job.id()).orElseThrow();
			job.markDeleted(new JobError("job_deleted", "The job was deleted"), NOW);
			store.save(job);
			read.markDelivered();
			store.save(read);
			assertThat(store.find(job.id())).isEmpty();
			assertThat(store.page(job.key(), null, 10)).isEmpty();
		}
	}

	@Test
	void wordsOfARemovedJobAreErasedFromTheDisk() throws IOException {
		ImageJob removed = job("r", null);
		ImageJob left = submitted("b", "s", "key");
		try (JobStore store = keeping()) {
			store.save(removed);
			store.claim(left, Instant.EPOCH);
			store.save(left);
			assertThat(file()).content(StandardCharsets.ISO_8859_1).contains(removed.id());
			store.delete(removed);
			store.eraseRemoved(Duration.ofHours(1));
			assertThat(file()).content(StandardCharsets.ISO_8859_1).contains(removed.id());
			store.eraseRemoved(Duration.ZERO);
			assertThat(file()).content(StandardCharsets.ISO_8859_1)
				.doesNotContain(removed.id())
				.contains(left.id(), "a 'red' fox");
			assertThat(store.find(left.id())).isPresent();
			store.save(submitted("c", "t", null));
		}
		try (Stream<Path> files = Files.list(this.directory)) {
			assertThat(files).containsExactly(file());
		}
		try (JobStore store = keeping()) {
			assertThat(store.findByUpstreamId("b")).contains(left.id());
			assertThat(store.findByIdempotencyKey("key")).isPresent();
			assertThat(store.findByUpstreamId("c")).isPresent();
		}
	}

	@Test
	void nothingThatHappensWhileRemovedJobsAreErasedIsLost() throws InterruptedException {
		List<ImageJob> saved = new ArrayList<>();
		List<ImageJob> deleted = new ArrayList<>();
		try (JobStore store = keeping()) {
			for (int i = 0; i < 2_000; i++) {
				store.saveLater(submitted("first-" + i, "r", null));
			}
			ImageJob removed = job("r", null);
			store.save(removed);
			store.delete(removed);
			Thread eraser = Thread.ofVirtual().start(() -> store.eraseRemoved(Duration.ZERO));
			for (int i = 0; eraser.isAlive(); i++) {
				ImageJob job = submitted("later-" + i, "s", "key-" + i);
				store.claim(job, Instant.EPOCH);
				if (i % 2 == 0) {
					store.delete(job);
					deleted.add(job);
				}
				else {
					job.markDelivered();
					store.save(job);
					saved.add(job);
				}
			}
			eraser.join();
		}
		assertThat(saved).isNotEmpty();
		try (JobStore store = keeping()) {
			assertThat(saved).allSatisfy((job) -> {
				assertThat(store.find(job.id())).get().extracting(ImageJob::isDelivered).isEqualTo(true);
				assertThat(store.findByIdempotencyKey(String.valueOf(job.idempotencyKey()))).isPresent();
			});
			assertThat(deleted).allSatisfy((job) -> assertThat(store.find(job.id())).isEmpty());
			assertThat(store.findByUpstreamId("first-1999")).isPresent();
		}
	}

	@Test
	void keyIsClaimedOnceHoweverManyTryAtOnce() throws InterruptedException {
		try (JobStore store = store()) {
			AtomicInteger claimed = new AtomicInteger();
			CountDownLatch start = new CountDownLatch(1);
			List<Thread> threads = IntStream.range(0, 20).mapToObj((_) -> Thread.ofVirtual().start(() -> {
				try {
					start.await();
				}
				catch (InterruptedException ex) {
					throw new IllegalStateException(ex);
				}
				if (store.claim(job("r", "key"), Instant.EPOCH).isEmpty()) {
					claimed.incrementAndGet();
				}
			})).toList();
			start.countDown();
			for (Thread thread : threads) {
				thread.join();
			}
			assertThat(claimed).hasValue(1);
		}
	}

	@Test
	void keyOfAJobThatIsTooOldIsFree() {
		try (JobStore store = store()) {
			assertThat(store.claim(job("r", "key"), Instant.EPOCH)).isEmpty();
			assertThat(store.claim(job("other", "key"), NOW)).isPresent();
			assertThat(store.claim(job("other", "key"), NOW.plusSeconds(1))).isEmpty();
		}
	}

	@Test
	void keyOfADeletedJobIsFree() {
		ImageJob job = job("r", "key");
		try (JobStore store = store()) {
			store.claim(job, Instant.EPOCH);
			store.delete(job);
			assertThat(store.findByIdempotencyKey("key")).isEmpty();
			assertThat(store.claim(job("r", "key"), Instant.EPOCH)).isEmpty();
		}
	}

	@Test
	void undeliveredJobsOfARequestAreFoundOldestFirst() {
		ImageJob first = submitted("a", "r", null);
		ImageJob delivered = submitted("b", "r", null);
		ImageJob other = submitted("c", "r2", null);
		try (JobStore store = store()) {
			List.of(first, delivered, other, submitted("d", "r", "key")).forEach(store::save);
			delivered.markDelivered();
			store.saveLater(delivered);
			assertThat(store.findUndelivered("r", NOW, 10)).containsExactly(first.id());
			assertThat(store.findUndelivered("r", NOW.plusSeconds(1), 10)).isEmpty();
		}
	}

	@Test
	void jobThatNobodyCanWantIsNotKept() {
		ImageJob job = submitted("a", "r", null);
		try (JobStore store = store()) {
			store.save(job);
			job.markDelivered();
			job.stopRunning(ImageJob.State.SUCCEEDED, null, NOW);
			store.saveLater(job);
			store.saveLater(job);
		}
		assertThat(ids()).isEmpty();
	}

	@Test
	void expiredJobsAreRemoved() {
		ImageJob old = submitted("a", "r", "key", NOW.minusSeconds(100));
		ImageJob keyed = submitted("b", "r", "key-2");
		ImageJob left = submitted("c", "r", null, NOW.minusSeconds(50));
		ImageJob open = submitted("d", "r", null, NOW.minusSeconds(50));
		try (JobStore store = store()) {
			for (ImageJob job : List.of(old, keyed)) {
				store.claim(job, Instant.EPOCH);
			}
			left.stopRunning(ImageJob.State.SUCCEEDED, null, NOW);
			List.of(left, open).forEach(store::save);
			store.removeExpired(NOW.minusSeconds(60), NOW.minusSeconds(10));
			assertThat(store.findByIdempotencyKey("key")).isEmpty();
			assertThat(store.findUndelivered("r", Instant.EPOCH, 10)).containsExactly(open.id());
		}
		assertThat(ids()).containsExactlyInAnyOrder(keyed.id(), open.id());
	}

	@Test
	void pageListsTheJobsOfAKeyNewestFirst() throws IOException {
		List<ImageJob> jobs = List.of(submitted("a", "r", null, NOW), submitted("b", "r", null, NOW.plusSeconds(1)),
				submitted("c", "r", null, NOW.plusSeconds(2)));
		try (JobStore store = keeping()) {
			jobs.forEach(store::saveLater);
			assertThat(store.page("k", null, 2)).containsExactly(jobs.get(2).id(), jobs.get(1).id());
			assertThat(store.page("k", jobs.get(1).id(), 2)).containsExactly(jobs.get(0).id());
			assertThat(store.page("k", jobs.get(0).id(), 2)).isEmpty();
			assertThat(store.page("k2", null, 2)).isEmpty();
			assertThat(store.page("", null, 2)).isEmpty();
			assertThat(store.findByUpstreamId("b")).contains(jobs.get(1).id());
			assertThat(store.findByUpstreamId("d")).isEmpty();
		}
		try (JobStore store = keeping()) {
			assertThat(store.page("k", null, 9)).hasSize(3);
			assertThat(store.findByUpstreamId("c")).contains(jobs.get(2).id());
			store.removeExpired(NOW.plusSeconds(1), NOW.plusSeconds(9));
			assertThat(store.page("k", null, 9)).hasSize(2);
			assertThat(store.findByUpstreamId("a")).isEmpty();
			store.delete(jobs.get(2));
			assertThat(store.page("k", null, 9)).containsExactly(jobs.get(1).id());
		}
	}

	@Test
	void jobThatEndedIsKeptWithItsOutcomeIfJobsAreKept() throws IOException {
		ImageJob job = submitted("a", "r", null);
		job.markDelivered();
		job.stopRunning(ImageJob.State.FAILED, new JobError("image_generation_failed", "no"), NOW.plusSeconds(5));
		try (JobStore store = keeping()) {
			store.saveLater(job);
		}
		try (JobStore store = keeping()) {
			assertThat(store.findUndelivered("r", Instant.EPOCH, 9)).isEmpty();
			assertThat(store.find(job.id())).get().satisfies((found) -> {
				assertThat(found.state()).isEqualTo(ImageJob.State.FAILED);
				assertThat(found.snapshot().error()).isEqualTo(new JobError("image_generation_failed", "no"));
				assertThat(found.snapshot().completed()).isEqualTo(NOW.plusSeconds(5));
				assertThat(found.prompt()).isEqualTo("fox");
			});
		}
		try (JobStore store = store()) {
			store.saveLater(job);
			assertThat(store.find(job.id())).isEmpty();
		}
	}

	@Test
	void jobThatNobodyMayTakeUpAnyLongerIsKeptIfJobsAreKept() throws IOException {
		ImageJob job = submitted("a", "r", null);
		job.stopRunning(ImageJob.State.SUCCEEDED, null, NOW);
		try (JobStore store = keeping()) {
			store.saveLater(job);
			store.removeExpired(NOW, NOW.plusSeconds(1));
			assertThat(store.findUndelivered("r", Instant.EPOCH, 9)).isEmpty();
			assertThat(store.find(job.id())).isPresent();
		}
	}

	/** Written by the version of November 2026. */
	@Test
	void recordsOfTheVersionBeforeAreRead() {
		try (MVStore store = MVStore.open(file().toString())) {
			store.openMap("jobs")
				.put("a", "{\"id\":\"a\",\"prompt\":\"fox\",\"negativePrompt\":\"\",\"since\":\"" + NOW
						+ "\",\"request\":\"r\",\"idempotencyKey\":null,\"isOpen\":true,\"isWanted\":true}");
			store.openMap("jobs")
				.put("b",
						"{\"id\":\"b\",\"prompt\":\"\",\"negativePrompt\":\"blurry\",\"since\":\"" + NOW
								+ "\",\"request\":\"r\",\"idempotencyKey\":\"key\",\"isOpen\":false,\"isWanted\":false,"
								+ "\"suspicion\":2}");
		}
		try (JobStore store = store()) {
			assertThat(store.findUndelivered("r", NOW, 10)).singleElement().satisfies((id) -> {
				ImageJob job = store.find(id).orElseThrow();
				assertThat(job.upstream()).isEqualTo(new Job(new JobId("a"), "fox", ""));
				assertThat(job.state()).isEqualTo(ImageJob.State.SUBMITTED);
				assertThat(job.suspicion()).isZero();
				assertThat(job.since()).isEqualTo(NOW);
			});
			assertThat(store.findByIdempotencyKey("key")).get().satisfies((job) -> {
				assertThat(job.isGivenUp()).isTrue();
				assertThat(job.isDelivered()).isTrue();
			});
		}
		assertThat(restored()).hasSize(2);
	}

	@Test
	void jobsAreThereWhenTheProcessIsKilled() throws IOException {
		ImageJob first = submitted("a", "r", null);
		ImageJob second = submitted("b", "r", null);
		try (JobStore store = store()) {
			store.save(first);
			store.save(second);
			Files.copy(file(), this.directory.resolve("killed"));
		}
		Files.copy(this.directory.resolve("killed"), file(), StandardCopyOption.REPLACE_EXISTING);
		assertThat(ids()).containsExactlyInAnyOrder(first.id(), second.id());
	}

	@Test
	void jobsBeforeAWriteThatWasCutAreThere() throws IOException {
		ImageJob first = submitted("a", "r", null);
		byte[] before;
		byte[] after;
		try (JobStore store = store()) {
			store.save(first);
			before = Files.readAllBytes(file());
			store.save(submitted("b", "r", null));
			after = Files.readAllBytes(file());
		}
		assertThat(after).hasSizeGreaterThan(before.length);
		Files.write(file(), Arrays.copyOf(after, before.length + (after.length - before.length) / 2));
		assertThat(ids()).contains(first.id());
	}

	@Test
	void fileThatCannotBeReadIsMovedAside() throws IOException {
		Files.writeString(file(), "This is no store of jobs. ".repeat(1000));
		ImageJob job = submitted("a", "r", null);
		try (JobStore store = store()) {
			store.save(job);
		}
		assertThat(ids()).containsExactly(job.id());
		assertThat(movedAside()).singleElement(InstanceOfAssertFactories.PATH).isNotEmptyFile();
	}

	/** Files of each kind of damage: a job is kept at once, and found after a restart. */
	@ParameterizedTest
	@MethodSource("damages")
	void jobIsStoredAndFoundWhateverDamageTheFileHas(String name, UnaryOperator<byte[]> damage) throws IOException {
		Files.write(file(), damage.apply(SAMPLE.clone()));
		ImageJob first = submitted("first", "r", null);
		ImageJob second = submitted("second", "r", null);
		try (JobStore store = store()) {
			store.save(first);
		}
		try (JobStore store = store()) {
			assertThat(store.findUndelivered("r", NOW, 100)).contains(first.id());
			store.save(second);
			store.delete(first);
		}
		assertThat(ids()).contains(second.id()).doesNotContain(first.id());
		assertThat(this.directory).isDirectoryNotContaining("glob:**.reading*").isDirectoryNotContaining("glob:**.new");
	}

	static Stream<Arguments> damages() {
		Random random = new Random(15);
		int size = SAMPLE.length;
		List<Arguments> damages = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			int at = random.nextInt(size);
			damages.add(damage("cut at " + at, (bytes) -> Arrays.copyOf(bytes, at)));
			damages.add(damage("zeros from " + at, (bytes) -> {
				Arrays.fill(bytes, at, Math.min(bytes.length, at + 4096), (byte) 0);
				return bytes;
			}));
			byte[] noise = new byte[1 << random.nextInt(12)];
			random.nextBytes(noise);
			damages.add(damage(noise.length + " random bytes from " + at, (bytes) -> {
				System.arraycopy(noise, 0, bytes, at, Math.min(noise.length, bytes.length - at));
				return bytes;
			}));
			int chunk = 4096 * random.nextInt(2, size / 4096);
			damages.add(damage("chunk header at " + chunk, (bytes) -> {
				Arrays.fill(bytes, chunk, chunk + 32, (byte) '0');
				return bytes;
			}));
		}
		for (int length : new int[] { 0, 1, 100, 4095, 4096, 8191, 8192 }) {
			damages.add(damage("first " + length, (bytes) -> Arrays.copyOf(bytes, length)));
			damages.add(damage(length + " zeros", (_) -> new byte[length]));
		}
		damages.add(damage("both headers", (bytes) -> {
			Arrays.fill(bytes, 0, 8192, (byte) ' ');
			return bytes;
		}));
		damages.add(damage("another format",
				(bytes) -> new String(bytes, StandardCharsets.ISO_8859_1).replace("format:3", "format:9")
					.getBytes(StandardCharsets.ISO_8859_1)));
		damages.add(damage("text", (_) -> "id,prompt\n".repeat(5000).getBytes(StandardCharsets.US_ASCII)));
		return damages.stream();
	}

	private static Arguments damage(String name, UnaryOperator<byte[]> damage) {
		return Arguments.of(Named.of(name, name), damage);
	}

	/** Of several writes, as a process that was killed leaves it. */
	private static byte[] sample() {
		try {
			Path directory = Files.createTempDirectory("jobs");
			try (JobStore store = new MvStoreJobStore(directory.resolve("jobs"), false, Duration.ofHours(1),
					new JsonMapper())) {
				for (int i = 0; i < 20; i++) {
					ImageJob job = job("r", null);
					job.submitted(new Job(new JobId("job-" + i), "fox ".repeat(100), ""), NOW);
					store.save(job);
				}
				return Files.readAllBytes(directory.resolve("jobs"));
			}
			finally {
				FileSystemUtils.deleteRecursively(directory);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Test
	void directoryInPlaceOfTheFileIsMovedAside() throws IOException {
		for (int i = 0; i < 2; i++) {
			Files.deleteIfExists(file());
			Files.createDirectories(file().resolve("full"));
			ImageJob job = submitted("a", "r", null);
			try (JobStore store = store()) {
				store.save(job);
			}
			assertThat(ids()).containsExactly(job.id());
		}
		assertThat(movedAside()).hasSize(2);
	}

	@Test
	void fileAtWhichTwoProcessesEndedIsMovedAside() throws IOException {
		ImageJob first = submitted("a", "r", null);
		try (JobStore store = store()) {
			store.save(first);
		}
		Files.createFile(this.directory.resolve("jobs.reading"));
		assertThat(ids()).containsExactly(first.id());
		Files.createFile(this.directory.resolve("jobs.reading"));
		Files.createFile(this.directory.resolve("jobs.reading-again"));
		assertThat(ids()).isEmpty();
		assertThat(movedAside()).hasSize(1);
	}

	@Test
	void noMoreThanThreeFilesAreKeptAside() throws IOException {
		for (int i = 0; i < 6; i++) {
			Files.writeString(file(), "no store, number " + i);
			assertThat(ids()).isEmpty();
		}
		assertThat(movedAside()).hasSize(3).anySatisfy((path) -> assertThat(path).hasContent("no store, number 5"));
	}

	private List<Path> movedAside() throws IOException {
		try (Stream<Path> files = Files.list(this.directory)) {
			return files.filter((path) -> path.getFileName().toString().startsWith("jobs.broken-")).toList();
		}
	}

	@Test
	void directoryThatCannotBeWrittenIsTriedAgain() throws IOException {
		Path place = this.directory.resolve("place");
		Files.writeString(place, "no directory");
		ImageJob first = submitted("a", "r", null);
		ImageJob second = submitted("b", "r", "key");
		try (JobStore store = store(place.resolve("jobs"))) {
			store.save(first);
			assertThat(store.claim(second, Instant.EPOCH)).isEmpty();
			Files.delete(place);
			Awaitility.await().until(() -> Files.exists(place.resolve("jobs")));
			assertThat(store.claim(job("r", "key"), Instant.EPOCH)).isPresent();
		}
		try (JobStore store = store(place.resolve("jobs"))) {
			assertThat(restored(store)).extracting(ImageJob::id).containsExactlyInAnyOrder(first.id(), second.id());
		}
	}

	@Test
	void fileThatAnotherProcessHoldsIsReadWhenItLetsGo() {
		ImageJob first = submitted("a", "r", null);
		ImageJob second = submitted("b", "r", null);
		List<ImageJob> restored = new ArrayList<>();
		JobStore waiting;
		try (JobStore held = store()) {
			held.save(first);
			waiting = store();
			waiting.restore(restored::addAll);
			waiting.save(second);
			assertThat(restored).isEmpty();
		}
		try (waiting) {
			Awaitility.await().until(() -> !restored.isEmpty());
		}
		assertThat(restored).extracting(ImageJob::id).containsExactly(first.id());
		assertThat(ids()).containsExactlyInAnyOrder(first.id(), second.id());
	}

	/** It came again while the file was held. */
	@Test
	void keyOfAJobThatIsFoundLateStaysWithTheNewerJob() {
		ImageJob first = job("r", "key");
		ImageJob second = job("r", "key");
		JobStore waiting;
		try (JobStore held = store()) {
			held.claim(first, Instant.EPOCH);
			held.save(first);
			waiting = store();
			assertThat(waiting.claim(second, Instant.EPOCH)).isEmpty();
		}
		try (waiting) {
			Awaitility.await().until(() -> !restored(waiting).isEmpty());
			assertThat(waiting.findByIdempotencyKey("key")).map(ImageJob::id).contains(second.id());
		}
	}

	@Test
	void recordThatCannotBeReadIsIgnored() {
		ImageJob job = submitted("a", "r", null);
		try (JobStore store = store()) {
			store.save(job);
		}
		try (MVStore store = MVStore.open(file().toString())) {
			store.openMap("jobs").put("c", "{\"id\":");
			store.openMap("jobs").put("d", "{\"state\":\"SUBMITTED\",\"id\":\"d\"}");
		}
		assertThat(ids()).containsExactly(job.id());
	}

	private List<String> ids() {
		try (JobStore store = store()) {
			return restored(store).stream().map(ImageJob::id).toList();
		}
	}

	private List<ImageJob> restored() {
		try (JobStore store = store()) {
			return restored(store);
		}
	}

	private static List<ImageJob> restored(JobStore store) {
		List<ImageJob> restored = new ArrayList<>();
		store.restore(restored::addAll);
		return restored;
	}

	private static ImageJob job(String digest, @Nullable String idempotencyKey) {
		return job(digest, idempotencyKey, NOW);
	}

	private static ImageJob job(String digest, @Nullable String idempotencyKey, Instant since) {
		return new ImageJob(new JobRequest(new RequestIdentity("k", "-", digest, idempotencyKey, null),
				new Conversation(List.of(new Message(Message.Role.USER, "fox")))), since);
	}

	private static ImageJob submitted(String id, String digest, @Nullable String idempotencyKey) {
		return submitted(id, digest, idempotencyKey, NOW);
	}

	private static ImageJob submitted(String id, String digest, @Nullable String idempotencyKey, Instant since) {
		ImageJob job = job(digest, idempotencyKey, since);
		job.submitted(new Job(new JobId(id), "a 'red' fox\n🦊", "blurry"), since);
		return job;
	}

	private Path file() {
		return this.directory.resolve("jobs");
	}

	private JobStore store() {
		return store(file());
	}

	/** One that keeps jobs which no request can take up. */
	private JobStore keeping() {
		return new MvStoreJobStore(file(), true, Duration.ofMillis(20), new JsonMapper());
	}

	private static JobStore store(Path path) {
		return new MvStoreJobStore(path, false, Duration.ofMillis(20), new JsonMapper());
	}

}
