/** Tests of the room of the same name. */
@NullMarked
package dev.holdfast.cli.settings;

import org.jspecify.annotations.NullMarked;
