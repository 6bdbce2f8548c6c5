/** Tests of the room of the same name. */
@NullMarked
package dev.holdfast.cli.screen;

import org.jspecify.annotations.NullMarked;
