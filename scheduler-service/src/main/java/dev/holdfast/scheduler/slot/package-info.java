/**
 * The slots of a policy: which schedule is due at which instant, delayed by how much, inside which blackout.
 *
 * <p>Reads a policy; decides instants; writes nothing. Whether a slot is requested is decided in {@code stanza}, which
 * knows what runs.
 */
@NullMarked
package dev.holdfast.scheduler.slot;

import org.jspecify.annotations.NullMarked;
