/**
 * Where the service starts. It holds nothing else.
 */
@NullMarked
package io.github.akashgen2api;

import org.jspecify.annotations.NullMarked;
