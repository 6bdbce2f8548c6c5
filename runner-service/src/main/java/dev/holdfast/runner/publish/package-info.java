/**
 * The way out: outcomes become events, each on disk before it is sent and until it is in the log.
 *
 * <p>Reads what the features decided; writes {@code holdfast.backup.events}, {@code holdfast.backup.progress}, {@code
 * holdfast.repository.events} and {@code holdfast.runners}.
 */
@NullMarked
package dev.holdfast.runner.publish;

import org.jspecify.annotations.NullMarked;
