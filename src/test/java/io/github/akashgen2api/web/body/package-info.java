/**
 * Tests of how callers' bodies are read.
 */
package io.github.akashgen2api.web.body;
