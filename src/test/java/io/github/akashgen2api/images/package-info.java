/**
 * Tests for storing images and for links to them.
 */
package io.github.akashgen2api.images;
