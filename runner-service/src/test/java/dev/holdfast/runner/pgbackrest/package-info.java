/** Tests of this room. */
@NullMarked
package dev.holdfast.runner.pgbackrest;

import org.jspecify.annotations.NullMarked;
