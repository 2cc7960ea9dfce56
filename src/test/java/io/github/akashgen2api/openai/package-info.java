/**
 * Tests of what is understood of the requests of OpenAI clients.
 */
package io.github.akashgen2api.openai;
