/**
 * Tests of keys.
 */
package io.github.akashgen2api.web.access;
