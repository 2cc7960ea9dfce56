/**
 * Tests of the service as a whole, over HTTP on both sides, and the stand-in AkashGen
 * that they and {@code spring-boot:test-run} use.
 */
package io.github.akashgen2api;
