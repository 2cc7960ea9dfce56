@NullMarked
package io.github.akashgen2api.web.server;

import org.jspecify.annotations.NullMarked;
