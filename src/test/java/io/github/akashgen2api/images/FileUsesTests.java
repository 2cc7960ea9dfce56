package io.github.akashgen2api.images;

import java.util.List;
import java.util.stream.Stream;

import io.github.akashgen2api.akash.JobId;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FileUses}.
 */
class FileUsesTests {

	private static final PictureName FIRST = PictureName.of(new JobId("first"));

	private static final PictureName SECOND = PictureName.of(new JobId("second"));

	private static final PictureName THIRD = PictureName.of(new JobId("third"));

	private final FileUses uses = new FileUses(100, 3);

	@Test
	void takeOldestWhenThereIsRoomTakesNothing() {
		this.uses.arrange();
		this.uses.written(FIRST, 60);
		assertThat(taken(40)).isEmpty();
	}

	@Test
	void takeOldestWhenThereIsNoRoomTakesNoMoreThanItMust() {
		this.uses.arrange();
		this.uses.written(FIRST, 40);
		this.uses.written(SECOND, 40);
		this.uses.written(THIRD, 20);
		assertThat(taken(41)).containsExactly(FIRST, SECOND);
		assertThat(this.uses.contains(FIRST)).isFalse();
		assertThat(this.uses.contains(THIRD)).isTrue();
	}

	@Test
	void takeOldestWhenThereAreTooManyFilesTakesOne() {
		this.uses.arrange();
		Stream.of(FIRST, SECOND, THIRD).forEach((name) -> this.uses.written(name, 1));
		assertThat(taken(0)).isEmpty();
		assertThat(taken(1)).containsExactly(FIRST);
	}

	@Test
	void takeOldestSparesWhatWasLookedAt() {
		this.uses.arrange();
		Stream.of(FIRST, SECOND, THIRD).forEach((name) -> this.uses.written(name, 30));
		this.uses.looked(FIRST);
		this.uses.read(SECOND, 30);
		assertThat(taken(60)).containsExactly(THIRD, FIRST);
	}

	@Test
	void takeOldestGoesByTheTimesOfWhatWasFoundAndOnlyThen() {
		this.uses.written(FIRST, 40);
		this.uses.found(new PictureFiles.Found(THIRD, 40, 2000));
		this.uses.found(new PictureFiles.Found(SECOND, 40, 1000));
		this.uses.found(new PictureFiles.Found(FIRST, 40, 0));
		assertThat(taken(100)).isEmpty();
		this.uses.arrange();
		assertThat(taken(100)).containsExactly(SECOND, THIRD, FIRST);
	}

	@Test
	void writtenWhenItReplacesCountsOnce() {
		this.uses.arrange();
		this.uses.written(FIRST, 60);
		this.uses.written(FIRST, 70);
		assertThat(taken(30)).isEmpty();
		this.uses.forget(FIRST);
		assertThat(taken(100)).isEmpty();
	}

	@Test
	void lookedIsWorthATouchOnceInAnHour() {
		long now = System.currentTimeMillis();
		this.uses.found(new PictureFiles.Found(FIRST, 1, now - 3_600_000));
		this.uses.found(new PictureFiles.Found(SECOND, 1, now - 3_500_000));
		assertThat(this.uses.looked(FIRST)).isTrue();
		assertThat(this.uses.looked(FIRST)).isFalse();
		assertThat(this.uses.read(SECOND, 1)).isFalse();
		assertThat(this.uses.looked(THIRD)).isFalse();
		assertThat(this.uses.contains(THIRD)).isFalse();
	}

	@Test
	void isWholeWhenOnlyFoundIsNotKnown() {
		this.uses.found(new PictureFiles.Found(FIRST, 1, 0));
		assertThat(this.uses.isWhole(FIRST)).isFalse();
		this.uses.read(FIRST, 1);
		assertThat(this.uses.isWhole(FIRST)).isTrue();
	}

	private List<PictureName> taken(long room) {
		return Stream.iterate(this.uses.takeOldest(room), (name) -> name != null, (_) -> this.uses.takeOldest(room))
			.toList();
	}

}
