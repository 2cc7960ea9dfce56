/**
 * Tests of who may call.
 */
package io.github.akashgen2api.web.access;
