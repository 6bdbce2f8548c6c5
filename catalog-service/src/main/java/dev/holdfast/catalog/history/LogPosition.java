package dev.holdfast.catalog.history;

import java.time.Instant;

/**
 * Where a record lies in the log.
 *
 * @param topic the topic
 * @param partition 0 or more
 * @param offset 0 or more
 * @param recordedAt the record's timestamp: what "as of" means
 */
public record LogPosition(String topic, int partition, long offset, Instant recordedAt) {

    @Override
    public String toString() {
        return topic + "-" + partition + "@" + offset;
    }
}
