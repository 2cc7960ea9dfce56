/**
 * Keeping finished pictures for a while and serving them to browsers. It must not know
 * who asked for a picture, nor in whose format.
 */
@NullMarked
package io.github.akashgen2api.images;

import org.jspecify.annotations.NullMarked;
