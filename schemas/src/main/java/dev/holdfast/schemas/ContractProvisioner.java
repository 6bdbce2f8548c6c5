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
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
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
     * @throws IllegalStateException if a topic exists with another number of partitions or forgets too early, or Kafka
     *     refuses
     * @throws org.apache.kafka.common.errors.SerializationException if the registry refuses a schema
     */
    public void provision() {
        provisionTopics();
        provisionSubjects();
    }

    /** Creates the missing topics; checks the partitions of the others, and that none of them forgets what is for ever. */
    public void provisionTopics() {
        try (Admin admin = Admin.create(connection.common())) {
            Set<String> existing = admin.listTopics().names().get();
            create(admin, missing(existing));
            check(admin, existing);
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

    /** Registers the missing subjects and versions, and sets the compatibility of those where it is laxer than the contract's. */
    public void provisionSubjects() {
        RegistryClient registry = RegistryClient.of(connection.serde());
        for (EventType type : EventType.values()) {
            // every time, because a producer that came first registers its schema but no level
            if (registry.compatibility(type.subject())
                    .filter(type.compatibility()::isKeptBy)
                    .isEmpty()) {
                registry.setCompatibility(type.subject(), type.compatibility().name());
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

    private static void check(Admin admin, Set<String> existing) throws ExecutionException, InterruptedException {
        List<String> ours = Arrays.stream(Topic.values())
                .map(Topic::wireName)
                .filter(existing::contains)
                .toList();
        for (TopicDescription topic :
                admin.describeTopics(ours).allTopicNames().get().values()) {
            checkPartitions(topic.name(), topic.partitions().size());
        }
        List<ConfigResource> resources = ours.stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        for (var settings : admin.describeConfigs(resources).all().get().entrySet()) {
            checkKept(Topic.named(settings.getKey().name()).orElseThrow(), settings.getValue());
        }
    }

    private static void checkPartitions(String name, int partitions) {
        if (partitions != Topic.PARTITIONS) {
            throw new IllegalStateException(
                    "topic %s has %d partitions, expected %d: with another number a stanza's events would lose their order; create the topic anew or migrate it"
                            .formatted(name, partitions, Topic.PARTITIONS));
        }
    }

    private static void checkKept(Topic topic, Config found) {
        String name = topic.wireName();
        topic.indispensable().forEach((key, expected) -> {
            ConfigEntry entry = found.get(key);
            if (entry == null || !expected.equals(entry.value())) {
                throw new IllegalStateException(
                        "topic %s has %s=%s, expected %s: it would forget what Holdfast must remember; set it: kafka-configs.sh --alter --topic %s --add-config %s=%s"
                                .formatted(
                                        name,
                                        key,
                                        entry == null ? "nothing" : entry.value(),
                                        expected,
                                        name,
                                        key,
                                        expected));
            }
        });
    }
}
