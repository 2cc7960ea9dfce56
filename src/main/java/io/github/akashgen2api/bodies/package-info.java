/**
 * How callers' bodies are read: as JSON whatever their headers say, up to a size, and in
 * little memory. It must not know what is in them.
 */
@NullMarked
package io.github.akashgen2api.bodies;

import org.jspecify.annotations.NullMarked;
