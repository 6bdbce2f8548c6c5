package dev.holdfast.scheduler.streams;

import dev.holdfast.scheduler.log.LogTail;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
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
 * <p>The look-ups are made on a thread of their own, for all tasks that were assigned in the meantime at once: a task asks
 * only whether it is over.
 */
public final class LogCatchUp implements CatchUp {

    private static final Logger LOGGER = LoggerFactory.getLogger(LogCatchUp.class);
    private static final Duration TRY_AGAIN = Duration.ofMillis(50);

    private final KafkaConnection connection;
    private final String application;
    private final Executor thread;
    private final ConcurrentLinkedQueue<Task> assigned = new ConcurrentLinkedQueue<>();

    /**
     * A watch over one application.
     *
     * @param application id of the Streams application, which is its consumer group too
     * @param thread runs the look-ups, which wait for Kafka, one after the other
     */
    public LogCatchUp(KafkaConnection connection, String application, Executor thread) {
        this.connection = connection;
        this.application = application;
        this.thread = thread;
    }

    @Override
    public Watch of(int partition) {
        Task task = new Task(partition);
        assigned.add(task);
        thread.execute(this::prepareAssigned);
        return task;
    }

    private void prepareAssigned() {
        List<Task> tasks = new ArrayList<>();
        for (Task task = assigned.poll(); task != null; task = assigned.poll()) {
            tasks.add(task);
        }
        while (tasks.stream().anyMatch(Task::isWaited)) {
            try (Admin admin = Admin.create(connection.common())) {
                lookUp(admin, tasks);
            } catch (KafkaException | ExecutionException e) {
                LOGGER.atWarn().addKeyValue("error", e.toString()).log("the ends of the log are not known yet");
                pause(tasks);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void lookUp(Admin admin, List<Task> tasks) throws ExecutionException, InterruptedException {
        Set<TopicPartition> inputs = requestPartitions();
        tasks.forEach(task -> inputs.addAll(task.directPartitions()));
        // by one reader: a takeover waits for it
        Map<TopicPartition, Long> last = new HashMap<>(LogTail.lastOffsets(consumer(), inputs));
        Map<TopicPartition, Long> requests = new HashMap<>(last);
        requests.keySet().retainAll(requestPartitions());
        last.keySet().removeAll(requests.keySet());
        while (!isCommitted(admin, requests)) {
            pause(tasks);
            if (tasks.stream().noneMatch(Task::isWaited)) {
                return;
            }
        }
        // only now is every one of those requests in the repartition topic
        Set<TopicPartition> repartitioned = new HashSet<>();
        tasks.forEach(task -> repartitioned.add(new TopicPartition(repartitionTopic(), task.partition)));
        last.putAll(LogTail.lastOffsets(consumer(), repartitioned));
        Map<TopicPartition, OffsetAndMetadata> committed = committed(admin);
        tasks.forEach(task -> task.prepared(last, committed));
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

    private static void pause(List<Task> tasks) {
        try {
            Thread.sleep(TRY_AGAIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            tasks.forEach(Task::abandon);
        }
    }

    private static final class Task implements Watch {

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

        private boolean isWaited() {
            return !prepared && !abandoned;
        }

        private Set<TopicPartition> directPartitions() {
            Set<TopicPartition> partitions = new HashSet<>();
            SchedulerTopology.DIRECT.forEach(topic -> partitions.add(new TopicPartition(topic.wireName(), partition)));
            return partitions;
        }

        private void prepared(Map<TopicPartition, Long> last, Map<TopicPartition, OffsetAndMetadata> committed) {
            Map<String, Long> open = new HashMap<>();
            last.forEach((input, offset) -> {
                OffsetAndMetadata done = committed.get(input);
                if (input.partition() == partition && (done == null || done.offset() <= offset)) {
                    open.put(input.topic(), offset);
                }
            });
            wanted = Map.copyOf(open);
            prepared = true;
        }
    }

    private static Set<TopicPartition> requestPartitions() {
        Set<TopicPartition> partitions = new HashSet<>();
        for (Topic topic : SchedulerTopology.REQUESTS) {
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
