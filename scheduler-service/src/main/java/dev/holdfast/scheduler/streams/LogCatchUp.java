package dev.holdfast.scheduler.streams;

import dev.holdfast.scheduler.log.LogTail;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches by offsets. A task has caught up once
 *
 * <ol>
 *   <li>the application has committed every request that lay in the log when the task was assigned, in every partition,
 *       which means that they are all in the repartition topic, and
 *   <li>the task has processed the last record that its own inputs and its partition of the repartition topic held.
 * </ol>
 *
 * <p>The work is done on threads of its own: a task asks only whether it is over.
 */
public final class LogCatchUp implements CatchUp {

    private static final Logger LOGGER = LoggerFactory.getLogger(LogCatchUp.class);
    private static final Duration TRY_AGAIN = Duration.ofMillis(250);

    private final KafkaConnection connection;
    private final String application;
    private final Executor threads;

    /**
     * A watch over one application.
     *
     * @param application id of the Streams application, which is its consumer group too
     * @param threads runs the look-ups, which wait for Kafka
     */
    public LogCatchUp(KafkaConnection connection, String application, Executor threads) {
        this.connection = connection;
        this.application = application;
        this.threads = threads;
    }

    @Override
    public Watch of(int partition) {
        Task task = new Task(partition);
        threads.execute(task::prepare);
        return task;
    }

    private final class Task implements Watch {

        private final int partition;
        private final Map<String, Long> processed = new ConcurrentHashMap<>();
        private volatile Map<String, Long> wanted = Map.of();
        private volatile boolean prepared;
        private volatile boolean abandoned;

        private Task(int partition) {
            this.partition = partition;
        }

        @Override
        public void passed(String topic, long offset) {
            if (!prepared || !wanted.isEmpty()) {
                processed.merge(topic, offset, Math::max);
            }
        }

        @Override
        public boolean isDone() {
            if (!prepared) {
                return false;
            }
            boolean done = wanted.entrySet().stream()
                    .allMatch(entry -> processed.getOrDefault(entry.getKey(), -1L) >= entry.getValue());
            if (done) {
                wanted = Map.of();
                processed.clear();
            }
            return done;
        }

        @Override
        public void abandon() {
            abandoned = true;
        }

        private void prepare() {
            while (!prepared && !abandoned) {
                try (Admin admin = Admin.create(connection.common())) {
                    lookUp(admin);
                } catch (KafkaException | ExecutionException e) {
                    LOGGER.atWarn()
                            .addKeyValue("partition", partition)
                            .addKeyValue("error", e.toString())
                            .log("the ends of the log are not known yet");
                    pause();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }

        private void lookUp(Admin admin) throws ExecutionException, InterruptedException {
            Map<TopicPartition, Long> requests = LogTail.lastOffsets(consumer(), requestPartitions());
            Map<TopicPartition, Long> direct = LogTail.lastOffsets(consumer(), directPartitions());
            while (!abandoned && !isCommitted(admin, requests)) {
                pause();
            }
            // only now is every one of those requests in the repartition topic
            TopicPartition repartition = new TopicPartition(repartitionTopic(), partition);
            Map<TopicPartition, Long> all = new HashMap<>(direct);
            all.putAll(LogTail.lastOffsets(consumer(), Set.of(repartition)));
            Map<TopicPartition, OffsetAndMetadata> committed = committed(admin);
            Map<String, Long> open = new HashMap<>();
            all.forEach((input, last) -> {
                OffsetAndMetadata done = committed.get(input);
                if (done == null || done.offset() <= last) {
                    open.put(input.topic(), last);
                }
            });
            wanted = Map.copyOf(open);
            prepared = true;
        }

        private boolean isCommitted(Admin admin, Map<TopicPartition, Long> last)
                throws ExecutionException, InterruptedException {
            Map<TopicPartition, OffsetAndMetadata> committed = committed(admin);
            return last.entrySet().stream().allMatch(entry -> {
                OffsetAndMetadata offset = committed.get(entry.getKey());
                return offset != null && offset.offset() > entry.getValue();
            });
        }

        private Map<TopicPartition, OffsetAndMetadata> committed(Admin admin)
                throws ExecutionException, InterruptedException {
            return admin.listConsumerGroupOffsets(application)
                    .partitionsToOffsetAndMetadata()
                    .get();
        }

        private Set<TopicPartition> directPartitions() {
            Set<TopicPartition> partitions = new HashSet<>();
            SchedulerTopology.DIRECT.forEach(topic -> partitions.add(new TopicPartition(topic.wireName(), partition)));
            return partitions;
        }

        private void pause() {
            try {
                Thread.sleep(TRY_AGAIN);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                abandoned = true;
            }
        }
    }

    private static Set<TopicPartition> requestPartitions() {
        Set<TopicPartition> partitions = new HashSet<>();
        for (Topic topic : List.of(Topic.BACKUP_REQUESTS, Topic.RESTORE_TEST_REQUESTS)) {
            for (int partition = 0; partition < Topic.PARTITIONS; partition++) {
                partitions.add(new TopicPartition(topic.wireName(), partition));
            }
        }
        return partitions;
    }

    private String repartitionTopic() {
        return "%s-%s-repartition".formatted(application, SchedulerTopology.REPARTITION);
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(connection.consumer("scheduler-catch-up"));
    }
}
