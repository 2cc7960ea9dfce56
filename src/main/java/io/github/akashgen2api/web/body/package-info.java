/**
 * What happens to request bodies on the web server's side, whatever is in them and
 * whether or not anybody reads them. It must not know what is asked for.
 */
@NullMarked
package io.github.akashgen2api.web.body;

import org.jspecify.annotations.NullMarked;
