/** Tests of the room of the same name. */
@NullMarked
package dev.holdfast.cli.follow;

import org.jspecify.annotations.NullMarked;
