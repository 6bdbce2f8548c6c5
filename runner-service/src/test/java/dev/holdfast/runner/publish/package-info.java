/** Tests of this room. */
@NullMarked
package dev.holdfast.runner.publish;

import org.jspecify.annotations.NullMarked;
