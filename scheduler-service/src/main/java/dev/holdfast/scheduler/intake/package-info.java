/**
 * The topics that every instance reads for itself: policies and announcements.
 *
 * <p>Reads bytes from bindings of Spring Cloud Stream; keeps what it can read in {@code policy} and {@code runners}; writes
 * nothing. Unreadable records are answered by the one task in {@code streams} that reads the same topics.
 */
@NullMarked
package dev.holdfast.scheduler.intake;

import org.jspecify.annotations.NullMarked;
