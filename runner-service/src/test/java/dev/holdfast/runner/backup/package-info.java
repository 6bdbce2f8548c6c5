/** Tests of this room. */
@NullMarked
package dev.holdfast.runner.backup;

import org.jspecify.annotations.NullMarked;
