/**
 * Tests of OpenAI's API.
 */
package io.github.akashgen2api.openai;
