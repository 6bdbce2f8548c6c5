/**
 * pgBackRest: the one place that knows its configuration, its commands, its output and its exit statuses.
 *
 * <p>Reads its configuration file on this machine (only to learn where the repository lies), and inside the sandbox what
 * it prints. Decides what its errors mean for a backup. Writes nothing: the restored cluster lies in the sandbox.
 */
@NullMarked
package dev.holdfast.validator.pgbackrest;

import org.jspecify.annotations.NullMarked;
