package io.github.akashgen2api.akash;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PictureShelf}.
 */
class PictureShelfTests {

	private final PictureShelf shelf = new PictureShelf(100);

	@Test
	void takeGivesAPictureOnce() {
		byte[] picture = new byte[10];
		String mark = this.shelf.put(picture);
		assertThat(this.shelf.take(mark)).isSameAs(picture);
		assertThat(this.shelf.take(mark)).isNull();
	}

	@Test
	void putWhenFullForgetsTheOldest() {
		String first = this.shelf.put(new byte[50]);
		String second = this.shelf.put(new byte[50]);
		String third = this.shelf.put(new byte[1]);
		assertThat(this.shelf.take(first)).isNull();
		assertThat(this.shelf.take(second)).hasSize(50);
		assertThat(this.shelf.take(third)).hasSize(1);
	}

	@Test
	void takeMakesRoom() {
		assertThat(this.shelf.take(this.shelf.put(new byte[100]))).hasSize(100);
		String first = this.shelf.put(new byte[50]);
		String second = this.shelf.put(new byte[50]);
		assertThat(this.shelf.take(first)).hasSize(50);
		assertThat(this.shelf.take(second)).hasSize(50);
	}

	@Test
	void putWhenLargerThanAllLeavesItAlone() {
		String small = this.shelf.put(new byte[1]);
		String large = this.shelf.put(new byte[101]);
		assertThat(this.shelf.take(small)).isNull();
		assertThat(this.shelf.take(large)).hasSize(101);
	}

}
