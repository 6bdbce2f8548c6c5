/** Tests of this room. */
@NullMarked
package dev.holdfast.runner.intake;

import org.jspecify.annotations.NullMarked;
