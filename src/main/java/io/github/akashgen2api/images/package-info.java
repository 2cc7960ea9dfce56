/**
 * Stores images and serves them to browsers. It must not know which client requested an
 * image, nor in which dialect.
 */
@NullMarked
package io.github.akashgen2api.images;

import org.jspecify.annotations.NullMarked;
