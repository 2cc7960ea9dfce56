/**
 * The one use case: words in, image out. It must not know HTTP, neither the clients' nor
 * AkashGen's.
 */
@NullMarked
package io.github.akashgen2api.generation;

import org.jspecify.annotations.NullMarked;
