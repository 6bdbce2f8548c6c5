package dev.holdfast.runner.intake;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * Which records of which partition are finished, and up to where the group's offset may therefore move: to the lowest
 * unfinished record. Safe for many threads.
 */
final class OffsetLedger {

    private final Map<Integer, Page> pages = new HashMap<>();
    private long epochs;

    /** One partition, for as long as it is assigned. */
    private static final class Page {
        private final long epoch;
        private final TreeSet<Long> unfinished = new TreeSet<>();
        private long next = -1;
        private long committed = -1;

        private Page(long epoch) {
            this.epoch = epoch;
        }

        private long movable() {
            return unfinished.isEmpty() ? next : unfinished.first();
        }
    }

    /** A record that was taken in. Finishing it means nothing once its partition has been lost meanwhile. */
    record Entry(int partition, long offset, long epoch) {}

    /** The partitions now belong to this runner. */
    synchronized void assigned(Collection<Integer> partitions) {
        partitions.forEach(partition -> pages.put(partition, new Page(++epochs)));
    }

    /** The partitions no longer belong to this runner. */
    synchronized void lost(Collection<Integer> partitions) {
        partitions.forEach(pages::remove);
    }

    /** A record was read. */
    synchronized Entry taken(int partition, long offset) {
        Page page = pages.computeIfAbsent(partition, number -> new Page(++epochs));
        page.unfinished.add(offset);
        page.next = offset + 1;
        return new Entry(partition, offset, page.epoch);
    }

    /** A record is finished: served, refused, or none of ours. */
    synchronized void finished(Entry entry) {
        Page page = pages.get(entry.partition());
        if (page != null && page.epoch == entry.epoch()) {
            page.unfinished.remove(entry.offset());
        }
    }

    /** True if the record's partition has belonged to this runner ever since it was taken. */
    synchronized boolean isOurs(Entry entry) {
        Page page = pages.get(entry.partition());
        return page != null && page.epoch == entry.epoch();
    }

    /** How many records of the partition are unfinished. */
    synchronized int unfinished(int partition) {
        Page page = pages.get(partition);
        return page == null ? 0 : page.unfinished.size();
    }

    /** How many records are unfinished. */
    synchronized int unfinished() {
        return pages.values().stream().mapToInt(page -> page.unfinished.size()).sum();
    }

    /** The offset to commit for the partition; empty if it has not moved since the last {@link #committed}. */
    synchronized OptionalLong movable(int partition) {
        Page page = pages.get(partition);
        if (page == null || page.movable() < 0 || page.movable() == page.committed) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(page.movable());
    }

    /** The offset was handed to Kafka. */
    synchronized void committed(int partition, long offset) {
        Page page = pages.get(partition);
        if (page != null) {
            page.committed = offset;
        }
    }
}
