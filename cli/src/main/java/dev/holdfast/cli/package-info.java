/**
 * {@code holdfast}: what an operator types.
 *
 * <p>Reads its arguments, the settings (flags, environment, a file) and then either the catalog's and scheduler's HTTP
 * answers or the topics themselves; decides nothing about backups, only how a request that it follows has ended; writes
 * answers to stdout, talk to stderr, and requests ({@code BackupRequested}, {@code RestoreTestRequested}, {@code
 * CancelRequested}) to Kafka.
 *
 * <p>Rooms: {@code command} (one class a command) knows the others; {@code follow} (what became of a request) is plain
 * Java over the contract's events; {@code http}, {@code kafka}, {@code screen} and {@code settings} do not know each other.
 */
@NullMarked
package dev.holdfast.cli;

import org.jspecify.annotations.NullMarked;
