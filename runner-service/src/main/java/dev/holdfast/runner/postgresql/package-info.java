/**
 * The running cluster, asked through {@code psql} over the Unix socket that pgBackRest's configuration names.
 *
 * <p>Reads what the cluster says of itself; writes restore points. Where there is no connection it says so once and answers
 * nothing: no backup depends on it.
 */
@NullMarked
package dev.holdfast.runner.postgresql;

import org.jspecify.annotations.NullMarked;
