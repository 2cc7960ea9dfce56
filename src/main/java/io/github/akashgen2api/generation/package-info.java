/**
 * The one use case: words in, picture out. It must not know HTTP, neither the callers'
 * nor AkashGen's.
 */
@NullMarked
package io.github.akashgen2api.generation;

import org.jspecify.annotations.NullMarked;
