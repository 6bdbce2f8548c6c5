/**
 * The runner: turns one {@code BackupRequested} event into exactly one pgBackRest backup.
 *
 * <p>Reads {@code holdfast.backup.requests} and {@code holdfast.controls}, and its own {@code holdfast.backup.events} as
 * memory; drives {@code pgbackrest backup} in a supervised process group; writes what became of the request to {@code
 * holdfast.backup.events}, heartbeats to {@code holdfast.backup.progress} and what the repository holds to {@code
 * holdfast.repository.events}.
 *
 * <p>Rooms: {@code backup} and {@code repository} decide, in plain Java. {@code intake} (events to requests), {@code
 * pgbackrest} and {@code postgresql} (the tools), {@code publish} (outcomes to events) and {@code web} point at them and
 * do not know each other. Start reading at {@link dev.holdfast.runner.backup.RequestServer}.
 */
@NullMarked
package dev.holdfast.runner;

import org.jspecify.annotations.NullMarked;
