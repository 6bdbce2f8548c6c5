package dev.holdfast.catalog.history;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The log, read by hand: no group, positions are the caller's. One thread. */
public interface EventLog extends AutoCloseable {

    /**
     * Goes on at these offsets; a partition without one is read from its first record.
     *
     * @throws LostHistoryException if an offset lies outside a topic that is kept for ever
     */
    void startAt(Map<Partition, Long> nextOffsets);

    /**
     * The next records, in the order of each partition; empty if none came in time. Unreadable ones among them.
     *
     * @param patience how long to wait for the first
     */
    List<LogRecord> poll(Duration patience);

    /** The next offset of each partition that {@link #poll} has passed, also where only transaction markers lay. */
    Map<Partition, Long> nextOffsets();

    /** Records that the brokers have and {@link #poll} has not returned; empty if the brokers do not say. */
    OptionalLong behind();

    /** Puts unreadable records of the last {@link #poll} where people find them. Returns once the broker has them. */
    void deadLetter(List<LogRecord.Unreadable> records);

    @Override
    void close();
}
