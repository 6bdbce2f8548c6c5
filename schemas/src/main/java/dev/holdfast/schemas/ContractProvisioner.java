package dev.holdfast.schemas;

import dev.holdfast.schemas.serde.RegistryClient;
import dev.holdfast.schemas.serde.WireSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * Makes sure that the topics and subjects of the contract exist as they should. Every service calls it at start; it may
 * run any number of times, also at once in several processes.
 */
public final class ContractProvisioner {

    private final KafkaConnection connection;

    /** A provisioner for this Kafka and registry. */
    public ContractProvisioner(KafkaConnection connection) {
        this.connection = connection;
    }

    /**
     * Creates what is missing.
     *
     * @throws IllegalStateException if a topic exists with another number of partitions, or Kafka refuses
     * @throws org.apache.kafka.common.errors.SerializationException if the registry refuses a schema
     */
    public void provision() {
        provisionTopics();
        provisionSubjects();
    }

    /** Creates the missing topics and checks the partitions of the others. */
    public void provisionTopics() {
        try (Admin admin = Admin.create(connection.common())) {
            Set<String> existing = admin.listTopics().names().get();
            create(admin, missing(existing));
            checkPartitions(admin, existing);
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "Kafka at %s refuses the topics of the contract: %s"
                            .formatted(connection.bootstrapServers(), e.getCause()),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the topics were being created", e);
        }
    }

    /** Registers the missing subjects, each with its compatibility level. */
    public void provisionSubjects() {
        RegistryClient registry = RegistryClient.of(connection.serde());
        Set<String> existing = Set.copyOf(registry.subjects());
        for (EventType type : EventType.values()) {
            if (!existing.contains(type.subject())) {
                registry.setCompatibility(type.subject(), type.isCommand() ? "FULL_TRANSITIVE" : "BACKWARD_TRANSITIVE");
            }
            registry.register(type.subject(), WireSchema.of(type.schema()));
        }
    }

    private static List<NewTopic> missing(Set<String> existing) {
        List<NewTopic> topics = new ArrayList<>();
        for (Topic topic : Topic.values()) {
            if (!existing.contains(topic.wireName())) {
                topics.add(newTopic(topic.wireName(), Topic.PARTITIONS, topic.settings()));
            }
            if (!existing.contains(topic.deadLetterName())) {
                // one partition: dead letters are read by people, in the order in which they arrived
                topics.add(newTopic(topic.deadLetterName(), 1, Topic.deadLetterSettings()));
            }
        }
        return topics;
    }

    private static NewTopic newTopic(String name, int partitions, Map<String, String> settings) {
        return new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(settings);
    }

    private static void create(Admin admin, List<NewTopic> topics) throws ExecutionException, InterruptedException {
        for (var created : admin.createTopics(topics).values().values()) {
            try {
                created.get();
            } catch (ExecutionException e) {
                // another service that starts at the same time was quicker
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
    }

    private static void checkPartitions(Admin admin, Set<String> existing)
            throws ExecutionException, InterruptedException {
        Set<String> ours = Arrays.stream(Topic.values())
                .map(Topic::wireName)
                .filter(existing::contains)
                .collect(Collectors.toSet());
        for (TopicDescription topic :
                admin.describeTopics(ours).allTopicNames().get().values()) {
            int partitions = topic.partitions().size();
            if (partitions != Topic.PARTITIONS) {
                throw new IllegalStateException(
                        "topic %s has %d partitions, expected %d: with another number a stanza's events would lose their order; create the topic anew or migrate it"
                                .formatted(topic.name(), partitions, Topic.PARTITIONS));
            }
        }
    }
}
