package dev.holdfast.bench;

import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** Whether the scheduler has committed every policy that lies in the log. */
final class TakenIn {

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final List<TopicPartition> POLICIES = IntStream.range(0, Topic.PARTITIONS)
            .mapToObj(partition -> new TopicPartition(Topic.POLICIES.wireName(), partition))
            .toList();

    private TakenIn() {}

    /** @param application id of the scheduler's Streams application */
    static void await(KafkaConnection connection, String application) throws InterruptedException, ExecutionException {
        Instant deadline = Instant.now().plus(PATIENCE);
        try (Admin admin = Admin.create(connection.common())) {
            while (!isCommitted(admin, application)) {
                if (Instant.now().isAfter(deadline)) {
                    throw new IllegalStateException("the policies were not taken in within " + PATIENCE);
                }
                TimeUnit.MILLISECONDS.sleep(250);
            }
        }
    }

    private static boolean isCommitted(Admin admin, String application)
            throws InterruptedException, ExecutionException {
        var committed = admin.listConsumerGroupOffsets(application)
                .partitionsToOffsetAndMetadata()
                .get();
        var ends = admin.listOffsets(
                        POLICIES.stream().collect(Collectors.toMap(Function.identity(), end -> OffsetSpec.latest())))
                .all()
                .get();
        return POLICIES.stream().allMatch(partition -> {
            long end = Objects.requireNonNull(ends.get(partition)).offset();
            var done = committed.get(partition);
            return end == 0 || (done != null && done.offset() >= end);
        });
    }
}
