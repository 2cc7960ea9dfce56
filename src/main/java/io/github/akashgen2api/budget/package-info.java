/**
 * What may be held at once, and how callers share it. It must not know what is held.
 */
@NullMarked
package io.github.akashgen2api.budget;

import org.jspecify.annotations.NullMarked;
