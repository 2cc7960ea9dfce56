/**
 * Budgets that all clients share. It must not know what they are used for.
 */
@NullMarked
package io.github.akashgen2api.budget;

import org.jspecify.annotations.NullMarked;
