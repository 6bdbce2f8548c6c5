/** Tests of what the catalog concludes. */
@NullMarked
package dev.holdfast.catalog.answers;

import org.jspecify.annotations.NullMarked;
