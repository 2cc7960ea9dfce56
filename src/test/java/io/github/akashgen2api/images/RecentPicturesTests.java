package io.github.akashgen2api.images;

import io.github.akashgen2api.akash.AkashGenSamples;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.Picture;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RecentPictures}.
 */
class RecentPicturesTests {

	private static final JobId FIRST = new JobId("first");

	private static final JobId SECOND = new JobId("second");

	private static final JobId THIRD = new JobId("third");

	private final Picture picture = AkashGenSamples.pictureOfLength(40);

	private final RecentPictures<JobId> pictures = new RecentPictures<>(100);

	@Test
	void getWhenNeverPutIsNothing() {
		assertThat(this.pictures.get(FIRST)).isNull();
	}

	@Test
	void getWhenPutIsThePicture() {
		Picture other = AkashGenSamples.pictureOfLength(10);
		this.pictures.put(FIRST, this.picture);
		this.pictures.put(SECOND, other);
		assertThat(this.pictures.get(FIRST)).isSameAs(this.picture);
		assertThat(this.pictures.get(SECOND)).isSameAs(other);
	}

	@Test
	void putWhenExactlyFullKeepsAll() {
		this.pictures.put(FIRST, this.picture);
		this.pictures.put(SECOND, AkashGenSamples.pictureOfLength(60));
		assertThat(this.pictures.get(FIRST)).isNotNull();
		assertThat(this.pictures.get(SECOND)).isNotNull();
	}

	@Test
	void putWhenFullForgetsTheOldest() {
		this.pictures.put(FIRST, this.picture);
		this.pictures.put(SECOND, this.picture);
		this.pictures.put(THIRD, this.picture);
		assertThat(this.pictures.get(FIRST)).isNull();
		assertThat(this.pictures.get(SECOND)).isNotNull();
		assertThat(this.pictures.get(THIRD)).isNotNull();
	}

	@Test
	void putWhenFullKeepsWhatWasLookedAt() {
		this.pictures.put(FIRST, this.picture);
		this.pictures.put(SECOND, this.picture);
		this.pictures.get(FIRST);
		this.pictures.put(THIRD, this.picture);
		assertThat(this.pictures.get(FIRST)).isNotNull();
		assertThat(this.pictures.get(SECOND)).isNull();
	}

	@Test
	void putWhenTheNewOneIsLargeForgetsAsManyAsNeeded() {
		this.pictures.put(FIRST, this.picture);
		this.pictures.put(SECOND, this.picture);
		this.pictures.put(THIRD, AkashGenSamples.pictureOfLength(90));
		assertThat(this.pictures.get(FIRST)).isNull();
		assertThat(this.pictures.get(SECOND)).isNull();
		assertThat(this.pictures.get(THIRD)).isNotNull();
	}

	@Test
	void putWhenAgainCountsTheBytesOnce() {
		for (int i = 0; i < 10; i++) {
			this.pictures.put(FIRST, this.picture);
		}
		this.pictures.put(SECOND, this.picture);
		assertThat(this.pictures.get(FIRST)).isNotNull();
		assertThat(this.pictures.get(SECOND)).isNotNull();
	}

	@Test
	void putWhenReplacedByASmallerOneMakesRoom() {
		this.pictures.put(FIRST, AkashGenSamples.pictureOfLength(90));
		this.pictures.put(FIRST, AkashGenSamples.pictureOfLength(10));
		this.pictures.put(SECOND, AkashGenSamples.pictureOfLength(90));
		assertThat(this.pictures.get(FIRST)).isNotNull();
		assertThat(this.pictures.get(SECOND)).isNotNull();
	}

	@Test
	void putWhenReplacedCountsAsNew() {
		this.pictures.put(FIRST, this.picture);
		this.pictures.put(SECOND, this.picture);
		this.pictures.put(FIRST, this.picture);
		this.pictures.put(THIRD, this.picture);
		assertThat(this.pictures.get(FIRST)).isNotNull();
		assertThat(this.pictures.get(SECOND)).isNull();
	}

	@Test
	void putWhenLargerThanTheBoundIsNotKept() {
		this.pictures.put(FIRST, AkashGenSamples.pictureOfLength(101));
		assertThat(this.pictures.get(FIRST)).isNull();
		this.pictures.put(SECOND, AkashGenSamples.pictureOfLength(100));
		assertThat(this.pictures.get(SECOND)).isNotNull();
	}

	@Test
	void putWhenTheBoundIsNothingKeepsNone() {
		RecentPictures<JobId> none = new RecentPictures<>(0);
		none.put(FIRST, this.picture);
		none.put(SECOND, this.picture);
		assertThat(none.get(FIRST)).isNull();
		assertThat(none.get(SECOND)).isNull();
	}

}
