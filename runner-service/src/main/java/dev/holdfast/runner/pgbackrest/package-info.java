/**
 * Everything that knows pgBackRest: its arguments, its output, its exit codes, its configuration file.
 *
 * <p>Reads what the tool prints and lists; runs it as a supervised process group; answers in the words of the features.
 * Facts about the tool were measured on 2.45 and 2.59.1.
 */
@NullMarked
package dev.holdfast.runner.pgbackrest;

import org.jspecify.annotations.NullMarked;
