package dev.holdfast.schemas;

import dev.holdfast.schemas.serde.AvroWireDeserializer;
import dev.holdfast.schemas.serde.AvroWireSerializer;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * How to reach Kafka and the schema registry, and from it the settings of every client.
 *
 * <p>Keys and class names are Confluent's, so that a site with Confluent's jar on the class path names {@code
 * io.confluent.kafka.serializers.KafkaAvroSerializer} and {@code …KafkaAvroDeserializer} in {@code HOLDFAST_KAFKA_CONFIG}
 * and nothing else changes.
 *
 * @param bootstrapServers Kafka's addresses
 * @param registry base URL of a registry with Confluent's REST API, or {@code mock://scope} for one in memory
 * @param further settings that win over all others: security, serializers. Only what keeps a consumer honest (commits by
 *     hand, {@code read_committed}, bytes for {@link EventDecoder}) cannot be changed
 */
public record KafkaConnection(String bootstrapServers, String registry, Map<String, String> further) {

    /** Confluent's name of the strategy that allows several record types on one topic. */
    static final String TOPIC_RECORD_NAME_STRATEGY = "io.confluent.kafka.serializers.subject.TopicRecordNameStrategy";

    /** {@code HOLDFAST_KAFKA}, default {@code 127.0.0.1:9092}: Kafka's bootstrap servers, host:port, separated by commas. */
    private static final String BOOTSTRAP_VARIABLE = "HOLDFAST_KAFKA";

    /** {@code HOLDFAST_REGISTRY}, default {@code http://127.0.0.1:8085/apis/ccompat/v7}: base URL of the schema registry's Confluent API. */
    private static final String REGISTRY_VARIABLE = "HOLDFAST_REGISTRY";

    /** {@code HOLDFAST_KAFKA_CONFIG}, default none: a properties file with further settings of every Kafka client, such as TLS and SASL. */
    private static final String CONFIG_VARIABLE = "HOLDFAST_KAFKA_CONFIG";

    private static final String DEFAULT_BOOTSTRAP = "127.0.0.1:9092";
    private static final String DEFAULT_REGISTRY = "http://127.0.0.1:8085/apis/ccompat/v7";

    /** Checks nothing but presence: the clients' own messages about a wrong address are clear. */
    public KafkaConnection {
        further = Map.copyOf(further);
    }

    /**
     * Reads {@code HOLDFAST_KAFKA}, {@code HOLDFAST_REGISTRY} and {@code HOLDFAST_KAFKA_CONFIG}.
     *
     * @param environment the process environment
     * @throws UncheckedIOException if the file named by {@code HOLDFAST_KAFKA_CONFIG} cannot be read
     */
    public static KafkaConnection from(Map<String, String> environment) {
        String file = environment.getOrDefault(CONFIG_VARIABLE, "");
        return new KafkaConnection(
                environment.getOrDefault(BOOTSTRAP_VARIABLE, DEFAULT_BOOTSTRAP),
                environment.getOrDefault(REGISTRY_VARIABLE, DEFAULT_REGISTRY),
                file.isBlank() ? Map.of() : propertiesOf(Path.of(file)));
    }

    /** The same with settings that {@link #further} overrides: what one service would have otherwise than Kafka's clients are made. */
    public KafkaConnection withDefaults(Map<String, String> settings) {
        Map<String, String> both = new HashMap<>(settings);
        both.putAll(further);
        return new KafkaConnection(bootstrapServers, registry, both);
    }

    /** What every client needs, for an admin client too. */
    public Map<String, Object> common() {
        Map<String, Object> settings = new HashMap<>();
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        settings.putAll(further);
        return settings;
    }

    /** What a serializer or deserializer needs, also one that is used outside a client. */
    public Map<String, Object> serde() {
        Map<String, Object> settings = new HashMap<>();
        settings.put("schema.registry.url", registry);
        settings.put("value.subject.name.strategy", TOPIC_RECORD_NAME_STRATEGY);
        settings.put("avro.remove.java.properties", "true");
        settings.put("auto.register.schemas", "true");
        settings.put("specific.avro.reader", "true");
        settings.putAll(further);
        return settings;
    }

    /**
     * A producer of events: acknowledged by all replicas, idempotent, sent at once.
     *
     * @param clientId shown in the broker's logs and metrics
     */
    public Map<String, Object> producer(String clientId) {
        Map<String, Object> settings = rawProducer(clientId);
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class.getName());
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, AvroWireSerializer.class.getName());
        settings.putAll(serde());
        return settings;
    }

    /** A producer of bytes as they are, for dead letters. */
    public Map<String, Object> rawProducer(String clientId) {
        Map<String, Object> settings = common();
        settings.put(ProducerConfig.CLIENT_ID_CONFIG, clientId);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        // Kafka 4 waits 5 ms by default; a single fact should not
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        // whoever sets another serializer means the one for events
        further.forEach((key, value) -> {
            if (!key.endsWith(".serializer") && !key.endsWith(".deserializer")) {
                settings.put(key, value);
            }
        });
        return settings;
    }

    /**
     * A consumer of bytes: decode with {@link EventDecoder}, so that one bad record stops nothing. Commits are the
     * caller's, and only what is committed by its producer is read.
     *
     * @param clientId shown in the broker's logs and metrics
     */
    public Map<String, Object> consumer(String clientId) {
        Map<String, Object> settings = common();
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        return settings;
    }

    /** Class name of the deserializer for events. */
    String deserializerClass() {
        return further.getOrDefault(
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, AvroWireDeserializer.class.getName());
    }

    private static Map<String, String> propertiesOf(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException("%s names %s, which cannot be read".formatted(CONFIG_VARIABLE, file), e);
        }
        Map<String, String> settings = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        return settings;
    }
}
