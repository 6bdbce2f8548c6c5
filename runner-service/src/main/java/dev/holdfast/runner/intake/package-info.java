/**
 * The way in: events become requests that can be trusted, and the log becomes the memory.
 *
 * <p>Reads {@code holdfast.backup.requests} as a member of the pool's consumer group, and {@code holdfast.backup.events},
 * {@code holdfast.controls} and {@code holdfast.backup.progress} on its own; decides which request is this runner's;
 * writes only offsets.
 */
@NullMarked
package dev.holdfast.runner.intake;

import org.jspecify.annotations.NullMarked;
