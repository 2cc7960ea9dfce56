package io.github.akashgen2api.akash;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PictureShelf}.
 */
class PictureShelfTests {

	private static final int KB = 1024;

	private final PictureShelf shelf = new PictureShelf(100 * KB);

	@Test
	void takeGivesAPictureOnce() {
		byte[] picture = new byte[10];
		String mark = this.shelf.put(picture);
		assertThat(this.shelf.take(mark)).isSameAs(picture);
		assertThat(this.shelf.take(mark)).isNull();
	}

	@Test
	void putWhenFullForgetsTheOldest() {
		String first = this.shelf.put(new byte[50 * KB]);
		String second = this.shelf.put(new byte[50 * KB]);
		String third = this.shelf.put(new byte[KB]);
		assertThat(this.shelf.take(first)).isNull();
		assertThat(this.shelf.take(second)).hasSize(50 * KB);
		assertThat(this.shelf.take(third)).hasSize(KB);
	}

	@Test
	void takeMakesRoom() {
		assertThat(this.shelf.take(this.shelf.put(new byte[100 * KB]))).hasSize(100 * KB);
		String first = this.shelf.put(new byte[50 * KB]);
		String second = this.shelf.put(new byte[50 * KB]);
		assertThat(this.shelf.take(first)).hasSize(50 * KB);
		assertThat(this.shelf.take(second)).hasSize(50 * KB);
	}

	@Test
	void putWhenLargerThanAllLeavesItAlone() {
		String small = this.shelf.put(new byte[KB]);
		String large = this.shelf.put(new byte[101 * KB]);
		assertThat(this.shelf.take(small)).isNull();
		assertThat(this.shelf.take(large)).hasSize(101 * KB);
	}

	@Test
	void putOfEmptyPicturesForgetsTheOldestToo() {
		String first = this.shelf.put(new byte[0]);
		String second = this.shelf.put(new byte[0]);
		for (int i = 0; i < 99; i++) {
			this.shelf.put(new byte[0]);
		}
		assertThat(this.shelf.take(first)).isNull();
		assertThat(this.shelf.take(second)).isEmpty();
	}

}
