package dev.holdfast.schemas;

import dev.holdfast.schemas.PlannedTopic.State;
import dev.holdfast.schemas.serde.RegistryClient;
import dev.holdfast.schemas.serde.WireSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

    /** Subjects that are looked at at the same time: the registry is small, and serves others. */
    private static final int AT_ONCE = 6;

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
        List<PlannedTopic> planned = withAdmin(admin -> {
            List<PlannedTopic> topics = planned(admin);
            create(
                    admin,
                    topics.stream()
                            .filter(topic -> topic.state() == State.MISSING)
                            .map(ContractProvisioner::newTopic)
                            .toList());
            return topics;
        });
        planned.stream()
                .filter(topic -> topic.state() == State.WRONG)
                .findFirst()
                .ifPresent(topic -> {
                    throw new IllegalStateException(topic.problem());
                });
    }

    /**
     * What {@link #provisionTopics} would do; changes nothing.
     *
     * @return every topic of the contract, dead letters too
     * @throws IllegalStateException if Kafka refuses to tell
     */
    public List<PlannedTopic> planTopics() {
        return withAdmin(ContractProvisioner::planned);
    }

    private <T> T withAdmin(Asking<T> asking) {
        try (Admin admin = Admin.create(connection.common())) {
            return asking.of(admin);
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

    /** Something that is asked of Kafka. */
    private interface Asking<T> {

        T of(Admin admin) throws ExecutionException, InterruptedException;
    }

    /**
     * Registers the missing subjects and versions, and sets the compatibility of those where it is laxer than the contract's. Asks
     * for some of them at once: one after the other would be most of what a service waits for at its start.
     */
    public void provisionSubjects() {
        RegistryClient registry = RegistryClient.of(connection.serde());
        List<EventType> types = List.of(EventType.values());
        // alone: a registry that does not answer is waited for, and spoken of, by one thread
        provision(registry, types.getFirst());
        try (ExecutorService together =
                Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            List<Callable<Void>> others = types.stream()
                    .skip(1)
                    .<Callable<Void>>map(type -> () -> {
                        provision(registry, type);
                        return null;
                    })
                    .toList();
            for (Future<Void> provisioned : together.invokeAll(others)) {
                provisioned.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException refusal) {
                throw refusal;
            }
            throw new IllegalStateException("the subjects of the contract could not be registered", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the subjects were being registered", e);
        }
    }

    private static void provision(RegistryClient registry, EventType type) {
        // every time, because a producer that came first registers its schema but no level
        if (registry.compatibility(type.subject())
                .filter(type.compatibility()::isKeptBy)
                .isEmpty()) {
            registry.setCompatibility(type.subject(), type.compatibility().name());
        }
        registry.register(type.subject(), WireSchema.of(type.schema()));
    }

    private static List<PlannedTopic> wanted() {
        List<PlannedTopic> topics = new ArrayList<>();
        for (Topic topic : Topic.values()) {
            topics.add(PlannedTopic.missing(topic.wireName(), Topic.PARTITIONS, topic.settings()));
            // one partition: dead letters are read by people, in the order in which they arrived
            topics.add(PlannedTopic.missing(topic.deadLetterName(), 1, Topic.deadLetterSettings()));
        }
        return topics;
    }

    private static List<PlannedTopic> planned(Admin admin) throws ExecutionException, InterruptedException {
        Set<String> existing = admin.listTopics().names().get();
        Map<String, String> problems = problems(admin, existing);
        return wanted().stream()
                .map(topic -> {
                    if (!existing.contains(topic.name())) {
                        return topic;
                    }
                    String problem = problems.get(topic.name());
                    return problem == null ? topic.there() : topic.wrong(problem);
                })
                .toList();
    }

    private static NewTopic newTopic(PlannedTopic topic) {
        return new NewTopic(topic.name(), Optional.of(topic.partitions()), Optional.empty()).configs(topic.settings());
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

    /** What is wrong with the topics that are there, by their names. */
    private static Map<String, String> problems(Admin admin, Set<String> existing)
            throws ExecutionException, InterruptedException {
        List<String> ours = Arrays.stream(Topic.values())
                .map(Topic::wireName)
                .filter(existing::contains)
                .toList();
        Map<String, String> problems = new HashMap<>();
        List<ConfigResource> resources = ours.stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        for (var settings : admin.describeConfigs(resources).all().get().entrySet()) {
            String name = settings.getKey().name();
            forgetful(Topic.named(name).orElseThrow(), settings.getValue())
                    .ifPresent(problem -> problems.put(name, problem));
        }
        for (TopicDescription topic :
                admin.describeTopics(ours).allTopicNames().get().values()) {
            otherwiseDivided(topic.name(), topic.partitions().size())
                    .ifPresent(problem -> problems.put(topic.name(), problem));
        }
        return problems;
    }

    private static Optional<String> otherwiseDivided(String name, int partitions) {
        return partitions == Topic.PARTITIONS
                ? Optional.empty()
                : Optional.of(
                        "topic %s has %d partitions, expected %d: with another number a stanza's events would lose their order; create the topic anew or migrate it"
                                .formatted(name, partitions, Topic.PARTITIONS));
    }

    private static Optional<String> forgetful(Topic topic, Config found) {
        String name = topic.wireName();
        for (Map.Entry<String, String> kept : topic.indispensable().entrySet()) {
            ConfigEntry entry = found.get(kept.getKey());
            String value = entry == null ? "nothing" : entry.value();
            if (!kept.getValue().equals(value)) {
                return Optional.of(
                        "topic %s has %s=%s, expected %s: it would forget what Holdfast must remember; set it: kafka-configs.sh --alter --topic %s --add-config %s=%s"
                                .formatted(
                                        name,
                                        kept.getKey(),
                                        value,
                                        kept.getValue(),
                                        name,
                                        kept.getKey(),
                                        kept.getValue()));
            }
        }
        return Optional.empty();
    }
}
