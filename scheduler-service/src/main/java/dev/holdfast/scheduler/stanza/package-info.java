/**
 * Everything the scheduler knows and decides about one stanza.
 *
 * <p>Reads the stanza's events, one after the other, and the clock; decides what to ask for, what to conclude and what to
 * declare; writes events into an {@link dev.holdfast.scheduler.stanza.Outbox}. It holds no connection and no thread: the
 * {@code streams} room keeps the {@link dev.holdfast.scheduler.stanza.Ledger} between two events and makes one transaction
 * of each step.
 *
 * <p>Start with {@link dev.holdfast.scheduler.stanza.StanzaDesk}.
 */
@NullMarked
package dev.holdfast.scheduler.stanza;

import org.jspecify.annotations.NullMarked;
