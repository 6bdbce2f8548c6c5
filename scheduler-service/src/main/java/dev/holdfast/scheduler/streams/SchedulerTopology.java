package dev.holdfast.scheduler.streams;

import dev.holdfast.events.Producer;
import dev.holdfast.scheduler.gate.Caps;
import dev.holdfast.scheduler.gate.Pools;
import dev.holdfast.scheduler.stanza.StanzaDesk;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.Topic;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.Stores;

/**
 * How records flow through the scheduler.
 *
 * <pre>
 * requests, controls (any partition) ─ RequestIntake ─ repartition by the stanza in the value ─┐
 * policies, facts, own events (keyed by stanza) ───────────────────────────────────────────────┼─ StanzaProcessor ─ topics
 * places (keyed by pool) ─ GateProcessor ─ repartition by the stanza that is let in ───────────┘      ├ store: stanzas
 *                             └ store: places                                                        └ places
 * </pre>
 */
public final class SchedulerTopology {

    /** Requests and wishes to cancel them may come from any client with any partitioner. */
    static final List<Topic> REQUESTS = List.of(Topic.BACKUP_REQUESTS, Topic.RESTORE_TEST_REQUESTS, Topic.CONTROLS);

    /** Announcements pass here only to be answered if unreadable. */
    private static final List<Topic> REPARTITIONED =
            Stream.concat(REQUESTS.stream(), Stream.of(Topic.RUNNERS)).toList();

    /** Written by Holdfast's own services, which all key by stanza with Kafka's own partitioner. */
    static final List<Topic> DIRECT = List.of(
            Topic.POLICIES,
            Topic.BACKUP_EVENTS,
            Topic.BACKUP_PROGRESS,
            Topic.REPOSITORY_EVENTS,
            Topic.RESTORE_TEST_EVENTS,
            Topic.RESTORE_TEST_PROGRESS,
            Topic.POLICY_EVENTS);

    /** Name of the repartition topic within the application. */
    static final String REPARTITION = "requests";

    /** Name of the topic on which the gate tells stanzas what was let in, within the application. */
    static final String LET_IN = "let-in";

    private static final Serde<byte[]> BYTES = Serdes.ByteArray();

    private SchedulerTopology() {}

    /**
     * What the topology is made of.
     *
     * @param clock what time it is; Streams' own time only tells when to look
     * @param application id of the Streams application
     * @param producer who writes the events
     * @param desk makes a desk for each task: desks are not for several threads
     * @param wakeUps what the stream threads sleep by
     * @param echoes what was written and not read back yet, by all tasks together
     * @param tick how often to ask whether everything has been read
     * @param firesATick at most so many events of a task in one transaction begun by the clock
     * @param caps how much may run at once
     * @param pools which of them live
     */
    public record Parts(
            KafkaConnection connection,
            Clock clock,
            String application,
            Producer producer,
            Supplier<StanzaDesk> desk,
            CatchUp catchUp,
            WakeUps wakeUps,
            Echoes echoes,
            Duration tick,
            int firesATick,
            Caps caps,
            Pools pools) {}

    /**
     * The topic on which stanzas talk to the gate. Streams itself can't make it, because the way from a stanza to the gate
     * and back is a circle: it has to be there, with one partition, before the application starts.
     */
    public static String placesTopic(String application) {
        return application + "-places";
    }

    /** Adds the whole topology to a builder. */
    public static void build(StreamsBuilder builder, Parts parts) {
        builder.addStateStore(
                Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(StanzaProcessor.STORE), Serdes.String(), BYTES)
                        .withCachingDisabled());
        builder.addStateStore(Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(GateProcessor.STORE), Serdes.String(), GateCodec.entries())
                .withLoggingEnabled(PlacesReader.CHANGELOG)
                .withCachingDisabled());
        KStream<byte[], Outgoing> intake =
                source(builder, REPARTITIONED).process(() -> new RequestIntake(parts.connection(), parts.echoes()));
        send(intake.filterNot((key, outgoing) -> outgoing.isForStanza()));
        KStream<byte[], byte[]> requests = forStanza(intake, REPARTITION);
        send(requests.merge(source(builder, DIRECT))
                .merge(letIn(builder, parts))
                .process(() -> new StanzaProcessor(parts), StanzaProcessor.STORE));
    }

    private static KStream<byte[], byte[]> letIn(StreamsBuilder builder, Parts parts) {
        KStream<byte[], Outgoing> gate = builder.stream(
                        placesTopic(parts.application()),
                        Consumed.with(BYTES, BYTES).withOffsetResetPolicy(AutoOffsetReset.earliest()))
                .process(() -> new GateProcessor(parts), GateProcessor.STORE);
        send(gate.filterNot((key, outgoing) -> outgoing.isForStanza()));
        return forStanza(gate, LET_IN);
    }

    private static KStream<byte[], byte[]> forStanza(KStream<byte[], Outgoing> from, String name) {
        return from.filter((key, outgoing) -> outgoing.isForStanza())
                .mapValues(Outgoing::value)
                .repartition(Repartitioned.with(BYTES, BYTES).withName(name).withNumberOfPartitions(Topic.PARTITIONS));
    }

    private static KStream<byte[], byte[]> source(StreamsBuilder builder, List<Topic> topics) {
        return builder.stream(
                topics.stream().map(Topic::wireName).toList(),
                Consumed.with(BYTES, BYTES).withOffsetResetPolicy(AutoOffsetReset.earliest()));
    }

    private static void send(KStream<byte[], Outgoing> outgoing) {
        Serde<Outgoing> values =
                Serdes.serdeFrom((topic, value) -> value.value(), (topic, bytes) -> new Outgoing(topic, bytes));
        outgoing.to((key, value, context) -> value.topic(), Produced.with(BYTES, values));
    }
}
