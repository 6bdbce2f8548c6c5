package dev.holdfast.scheduler.web;

import org.apache.avro.specific.SpecificRecord;

/** The way out of this room for requests. */
public interface Publication {

    /** Publishes a request; returns once the brokers have it. */
    void request(SpecificRecord request);
}
