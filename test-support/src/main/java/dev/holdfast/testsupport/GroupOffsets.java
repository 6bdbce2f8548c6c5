package dev.holdfast.testsupport;

import dev.holdfast.schemas.KafkaConnection;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** How far consumer groups have come, by what they have committed. */
public final class GroupOffsets {

    private GroupOffsets() {}

    /**
     * True if the group will not read the record at this place again.
     *
     * @throws IllegalStateException if the broker does not tell
     */
    public static boolean isPast(KafkaConnection kafka, String group, TopicPartition partition, long offset) {
        try (Admin admin = Admin.create(kafka.common())) {
            return Optional.ofNullable(admin.listConsumerGroupOffsets(group)
                            .partitionsToOffsetAndMetadata()
                            .get()
                            .get(partition))
                    .map(OffsetAndMetadata::offset)
                    .filter(committed -> committed > offset)
                    .isPresent();
        } catch (ExecutionException e) {
            throw new IllegalStateException("no offsets of group " + group, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking for offsets of group " + group, e);
        }
    }
}
