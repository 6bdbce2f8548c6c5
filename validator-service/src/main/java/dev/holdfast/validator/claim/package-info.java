/**
 * Claims: makes sure that each test is done once, whoever sees its request how often, and that every request ends.
 *
 * <p>Reads what the log says of earlier claims, verdicts and heartbeats ({@code TestMemory}). Decides whether to claim, to
 * wait for another validator, to take over from a dead one, or to give up. Writes claims, heartbeats and verdicts through
 * the {@code Journal}.
 */
@NullMarked
package dev.holdfast.validator.claim;

import org.jspecify.annotations.NullMarked;
