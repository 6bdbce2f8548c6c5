/** The page as people meet it: a real browser over the packaged catalog. */
@NullMarked
package dev.holdfast.catalog.browser;

import org.jspecify.annotations.NullMarked;
