/**
 * The scheduler's engine: a Kafka Streams topology with exactly-once processing, written with the Processor API.
 *
 * <p>Reads every topic that says something about a stanza, as bytes; keeps one ledger a stanza in a store; lets
 * {@code stanza} decide; writes what it decided. Reading, remembering and writing are one Kafka transaction.
 *
 * <p>Start with {@link dev.holdfast.scheduler.streams.SchedulerTopology}.
 */
@NullMarked
package dev.holdfast.scheduler.streams;

import org.jspecify.annotations.NullMarked;
