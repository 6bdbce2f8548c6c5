/**
 * Intake: from Kafka's records to events that can be trusted to be well formed.
 *
 * <p>Reads every topic of the contract, all partitions, without a group; decides whether bytes are an event, and whether its type may be
 * believed on that topic; writes dead letters for the topics whose unreadable records nobody else answers.
 */
@NullMarked
package dev.holdfast.catalog.intake;

import org.jspecify.annotations.NullMarked;
