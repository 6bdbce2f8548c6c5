/**
 * The gate: caps on how much runs at once, in each pool and over all, and the order in which those who wait get in.
 *
 * <p>Hears from the stanzas who wishes for a place, who has one and who gives one back; decides who is let in; writes nothing
 * itself. What a place is given for, and whether that may still start, is decided in {@code stanza}.
 */
@NullMarked
package dev.holdfast.scheduler.gate;

import org.jspecify.annotations.NullMarked;
