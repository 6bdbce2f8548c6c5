/**
 * History: what the log says, kept so that it can be asked.
 *
 * <p>Reads the log through {@link dev.holdfast.catalog.history.EventLog}; decides what is projected in which transaction, what is dead-lettered
 * and when the projection has caught up; writes through {@link dev.holdfast.catalog.history.ProjectionStore}.
 */
@NullMarked
package dev.holdfast.catalog.history;

import org.jspecify.annotations.NullMarked;
