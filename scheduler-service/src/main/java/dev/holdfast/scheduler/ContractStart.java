package dev.holdfast.scheduler;

import dev.holdfast.scheduler.log.LogTail;
import dev.holdfast.scheduler.log.ReadThrough;
import dev.holdfast.schemas.ContractProvisioner;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.Topic;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.springframework.context.SmartLifecycle;

/** What must be so before anything else starts: topics and subjects exist, and each view knows where its topic ends. */
final class ContractStart implements SmartLifecycle {

    /** Before every listener, every binding and the web server. */
    static final int PHASE = Integer.MIN_VALUE + 1_000;

    private final KafkaConnection connection;
    private final Map<Topic, ReadThrough> views;
    private volatile boolean running;

    ContractStart(KafkaConnection connection, Map<Topic, ReadThrough> views) {
        this.connection = connection;
        this.views = Map.copyOf(views);
    }

    @Override
    public void start() {
        new ContractProvisioner(connection).provision();
        views.forEach((topic, view) -> view.begin(
                LogTail.lastOffsets(new KafkaConsumer<>(connection.consumer("scheduler-start")), partitions(topic))));
        running = true;
    }

    private static Set<TopicPartition> partitions(Topic topic) {
        return IntStream.range(0, Topic.PARTITIONS)
                .mapToObj(partition -> new TopicPartition(topic.wireName(), partition))
                .collect(Collectors.toSet());
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
