/** Tests of what is projected when. */
@NullMarked
package dev.holdfast.catalog.history;

import org.jspecify.annotations.NullMarked;
