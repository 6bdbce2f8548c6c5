/**
 * Intake: what the log says, made into requests and memories that can be trusted.
 *
 * <p>Reads {@code restore-test.requests} with the pool's consumer group, and {@code restore-test.events},
 * {@code restore-test.progress}, {@code repository.events} and {@code controls} with none. Decides what is served here and what is malformed.
 * Writes nothing but its group's offsets, each once everything before it is finished.
 */
@NullMarked
package dev.holdfast.validator.intake;

import org.jspecify.annotations.NullMarked;
