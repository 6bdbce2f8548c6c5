/**
 * The validator: turns one {@code RestoreTestRequested} into one verdict, by restoring.
 *
 * <p>Reads {@code restore-test.requests} and what the log says of earlier tests. Decides, for each test, what is proven of
 * the backup. Writes {@code restore-test.events}, {@code restore-test.progress}, {@code runners}.
 *
 * <p>Rooms: {@code intake} (log to request), {@code sandbox}, {@code pgbackrest} and {@code postgresql} (the tools) and
 * {@code publish} (report to event) point at {@code claim}, {@code proof} and {@code evidence}, the decisions in plain Java,
 * and do not know each other.
 */
@NullMarked
package dev.holdfast.validator;

import org.jspecify.annotations.NullMarked;
