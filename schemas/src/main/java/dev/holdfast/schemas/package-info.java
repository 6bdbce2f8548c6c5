/**
 * The contract between the services: which topics there are, which events they carry, how those are encoded and which
 * headers they bear. No framework: plain Kafka clients and Avro.
 *
 * <p>Start with {@link dev.holdfast.schemas.EventType}, the table of all events, and
 * {@link dev.holdfast.schemas.KafkaConnection}, from which every client is configured.
 */
@NullMarked
package dev.holdfast.schemas;

import org.jspecify.annotations.NullMarked;
