package dev.holdfast.scheduler.web;

import dev.holdfast.scheduler.policy.PolicyVersions;
import org.apache.avro.specific.SpecificRecord;

/** The way out of this room. */
public interface Publication {

    /** Publishes a request; returns once the brokers have it. */
    void request(SpecificRecord request);

    /** Publishes a policy's change, whole or not at all. */
    void change(PolicyVersions.Change change);
}
