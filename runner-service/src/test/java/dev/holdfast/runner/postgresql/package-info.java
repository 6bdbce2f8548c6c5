/** Tests of this room. */
@NullMarked
package dev.holdfast.runner.postgresql;

import org.jspecify.annotations.NullMarked;
