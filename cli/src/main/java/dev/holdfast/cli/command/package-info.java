/** The commands: reads arguments, asks the other rooms, writes the answer and decides the exit status. */
@NullMarked
package dev.holdfast.cli.command;

import org.jspecify.annotations.NullMarked;
