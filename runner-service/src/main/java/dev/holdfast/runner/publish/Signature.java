package dev.holdfast.runner.publish;

import dev.holdfast.events.Producer;
import dev.holdfast.schemas.Ids;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * What every event of this runner bears.
 *
 * @param instance this running copy
 * @param pool the pool it belongs to
 * @param version Holdfast's version
 * @param clock tells when an event is written
 */
public record Signature(String instance, String pool, String version, Clock clock) {

    /** The contract's short name of this service. */
    public static final String SERVICE = "runner";

    /** Now, in the contract's precision. */
    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** A fresh identity of an event. */
    public UUID newEventId() {
        return Ids.newEventId(clock.instant());
    }

    /** Who writes. */
    Producer producer() {
        return Producer.newBuilder()
                .setService(SERVICE)
                .setInstance(instance)
                .setVersion(version)
                .build();
    }
}
