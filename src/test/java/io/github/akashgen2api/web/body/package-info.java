/**
 * Tests of request bodies.
 */
package io.github.akashgen2api.web.body;
