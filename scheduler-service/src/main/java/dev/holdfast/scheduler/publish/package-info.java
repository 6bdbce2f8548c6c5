/**
 * What comes from HTTP goes out to Kafka.
 *
 * <p>Reads events that {@code web} has made; decides nothing; writes {@code holdfast.backup.requests}, {@code
 * holdfast.restore-test.requests}, {@code holdfast.policies} and {@code holdfast.policy.events}, and returns only once the
 * brokers have them.
 */
@NullMarked
package dev.holdfast.scheduler.publish;

import org.jspecify.annotations.NullMarked;
