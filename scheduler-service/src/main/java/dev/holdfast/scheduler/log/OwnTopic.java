package dev.holdfast.scheduler.log;

import dev.holdfast.schemas.KafkaConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * A topic that copies of the scheduler have among themselves, with one partition: what it holds is in one order.
 *
 * @param name of the topic
 * @param kept how long its records are
 */
public record OwnTopic(String name, Duration kept) {

    /**
     * Makes it, if it is not there.
     *
     * @throws IllegalStateException if it is there with more than one partition, or Kafka refuses it
     */
    public void provision(KafkaConnection connection) throws InterruptedException {
        try (Admin admin = Admin.create(connection.common())) {
            if (admin.listTopics().names().get().contains(name)) {
                check(admin);
            } else {
                create(admin);
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "Kafka at %s refuses the topic %s: %s".formatted(connection.bootstrapServers(), name, e.getCause()),
                    e);
        }
    }

    private void check(Admin admin) throws ExecutionException, InterruptedException {
        int partitions = admin.describeTopics(List.of(name)).allTopicNames().get().values().stream()
                .mapToInt(topic -> topic.partitions().size())
                .sum();
        if (partitions != 1) {
            throw new IllegalStateException(
                    "topic %s has %d partitions, expected 1: its records have to be in one order. Stop the schedulers, delete the topic and start them again"
                            .formatted(name, partitions));
        }
    }

    /** What is made here is as it should be; to ask for it at once might meet a broker that does not know it yet. */
    private void create(Admin admin) throws ExecutionException, InterruptedException {
        NewTopic topic = new NewTopic(name, Optional.of(1), Optional.empty())
                .configs(Map.of(TopicConfig.RETENTION_MS_CONFIG, String.valueOf(kept.toMillis())));
        try {
            admin.createTopics(List.of(topic)).all().get();
        } catch (ExecutionException e) {
            // another scheduler that starts at the same time was quicker
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }
}
