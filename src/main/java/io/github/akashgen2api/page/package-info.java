/**
 * The page for people. It knows no other package: what the page does, it does as a client
 * of the API.
 */
@NullMarked
package io.github.akashgen2api.page;

import org.jspecify.annotations.NullMarked;
