/**
 * What a caller is told, and what is logged, when something went wrong. It knows the
 * exceptions of every package; nobody knows it.
 */
@NullMarked
package io.github.akashgen2api.web.error;

import org.jspecify.annotations.NullMarked;
