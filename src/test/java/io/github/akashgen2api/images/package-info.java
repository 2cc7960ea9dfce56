/**
 * Tests of keeping pictures and of the links to them.
 */
package io.github.akashgen2api.images;
