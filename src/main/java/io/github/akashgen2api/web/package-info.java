/**
 * What the web packages share: the order of their servlet filters, and SHA-256. It must
 * not know any other package.
 */
@NullMarked
package io.github.akashgen2api.web;

import org.jspecify.annotations.NullMarked;
