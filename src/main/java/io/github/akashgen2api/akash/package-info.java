/**
 * AkashGen, the one upstream, and its words: what is sent to it and how its answers are
 * read. It must not know what a client asked, nor what it is told.
 */
@NullMarked
package io.github.akashgen2api.akash;

import org.jspecify.annotations.NullMarked;
