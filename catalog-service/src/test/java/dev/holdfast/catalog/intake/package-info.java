/** Tests of how records are read. */
@NullMarked
package dev.holdfast.catalog.intake;

import org.jspecify.annotations.NullMarked;
