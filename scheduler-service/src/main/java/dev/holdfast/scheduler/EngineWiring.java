package dev.holdfast.scheduler;

import dev.holdfast.events.Producer;
import dev.holdfast.scheduler.log.ReadThrough;
import dev.holdfast.scheduler.runners.Announcements;
import dev.holdfast.scheduler.stanza.Facts;
import dev.holdfast.scheduler.stanza.StanzaDesk;
import dev.holdfast.scheduler.streams.Echoes;
import dev.holdfast.scheduler.streams.LogCatchUp;
import dev.holdfast.scheduler.streams.SchedulerTopology;
import dev.holdfast.scheduler.streams.SteadyTime;
import dev.holdfast.scheduler.streams.WakeUps;
import dev.holdfast.scheduler.streams.WakingClients;
import dev.holdfast.schemas.KafkaConnection;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.config.KafkaStreamsConfiguration;
import org.springframework.kafka.config.KafkaStreamsCustomizer;
import org.springframework.kafka.config.KafkaStreamsInfrastructureCustomizer;
import org.springframework.kafka.config.StreamsBuilderFactoryBean;

/** The Streams application and what it decides with. */
@Configuration(proxyBeanMethods = false)
class EngineWiring {

    /** Without anything due: how long the engine takes to notice that it shall stop, or that a task is restored. */
    private static final Duration LONGEST_SLEEP = Duration.ofSeconds(1);

    /** After so long without a sign of life a copy counts as dead. */
    private static final int SESSION_MILLIS = 6_000;

    /** Also how long a copy may take to learn that another has died. */
    private static final int HEARTBEAT_MILLIS = 1_000;

    /** Less than that: what a dead copy has left open shall be over when its successor begins to read. */
    private static final int TRANSACTION_MILLIS = 5_000;

    /** The thread that sends heartbeats looks that often whether one is due; by default ten times a second. */
    private static final int HEARTBEAT_LOOK_MILLIS = 500;

    private static final int BATCH_BYTES = 64 * 1024;

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    Producer producer(SchedulerSettings settings) {
        String version = Optional.ofNullable(
                        SchedulerApplication.class.getPackage().getImplementationVersion())
                .orElse("development");
        return new Producer("scheduler", settings.instance(), version);
    }

    @Bean
    Announcements announcements(Clock clock, ReadThrough runnersProgress) {
        return new Announcements(clock, runnersProgress::isDone);
    }

    @Bean
    WakeUps wakeUps(SchedulerSettings settings) {
        return new WakeUps(settings.tick(), LONGEST_SLEEP);
    }

    @Bean
    SchedulerTopology.Parts topologyParts(
            SchedulerSettings settings,
            KafkaConnection connection,
            Producer producer,
            Announcements announcements,
            Clock clock,
            WakeUps wakeUps) {
        Executor thread = Executors.newSingleThreadExecutor(
                Thread.ofVirtual().name("catch-up").factory());
        return new SchedulerTopology.Parts(
                connection,
                clock,
                settings.applicationId(),
                producer,
                () -> new StanzaDesk(new Facts(producer), announcements, settings.caps(), settings.unknownGrace()),
                new LogCatchUp(connection, settings.applicationId(), thread),
                wakeUps,
                new Echoes(),
                settings.tick(),
                settings.firesATick(),
                settings.caps(),
                announcements);
    }

    @Bean
    WakingClients wakingClients(WakeUps wakeUps, Clock clock) {
        return new WakingClients(wakeUps, clock);
    }

    @Bean
    MeterBinder clockMetrics(ClockWatch watch) {
        return registry -> FunctionCounter.builder("holdfast.scheduler.clock.set.back", watch, ClockWatch::times)
                .description("How often the machine's clock was set back while the scheduler ran")
                .register(registry);
    }

    @Bean
    StreamsBuilderFactoryBean streams(
            SchedulerSettings settings,
            KafkaConnection connection,
            SchedulerTopology.Parts parts,
            WakingClients clients) {
        StreamsBuilderFactoryBean streams =
                new StreamsBuilderFactoryBean(new KafkaStreamsConfiguration(configuration(settings, connection)));
        streams.setInfrastructureCustomizer(new KafkaStreamsInfrastructureCustomizer() {
            @Override
            public void configureBuilder(StreamsBuilder builder) {
                SchedulerTopology.build(builder, parts);
            }
        });
        streams.setClientSupplier(clients);
        streams.setStreamsUncaughtExceptionHandler(new EngineRevival());
        streams.setKafkaStreamsCustomizer(new KafkaStreamsCustomizer() {
            @Override
            public KafkaStreams initKafkaStreams(
                    Topology topology, Properties properties, KafkaClientSupplier clients) {
                return new KafkaStreams(topology, properties, clients, new SteadyTime());
            }

            @Override
            public void customize(KafkaStreams made) {
                // all is set above
            }
        });
        // a task whose state is restored is noticed between two sleeps: a takeover shall not wait for a long one
        streams.setStateListener((now, before) -> parts.wakeUps().restless(now == KafkaStreams.State.REBALANCING));
        // who stops of its own accord is not missed for a session: the others take its stanzas over at once
        streams.setLeaveGroupOnClose(true);
        // after the topics were made
        streams.setPhase(ContractStart.PHASE + 1);
        return streams;
    }

    private static Map<String, Object> configuration(SchedulerSettings settings, KafkaConnection connection) {
        Map<String, Object> configuration = new HashMap<>(connection.common());
        configuration.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.applicationId());
        configuration.put(StreamsConfig.CLIENT_ID_CONFIG, "scheduler-" + settings.instance());
        configuration.put(StreamsConfig.STATE_DIR_CONFIG, settings.state().toString());
        configuration.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        configuration.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
        configuration.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, 1);
        configuration.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        // the default of 100 ms for each would be most of a fire's delay; sleeps end when something is due
        configuration.put(StreamsConfig.POLL_MS_CONFIG, LONGEST_SLEEP.toMillis());
        configuration.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, settings.tick().toMillis());
        // the order of events of different topics is of no concern, so nothing is asked about partitions that have none
        configuration.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
        configuration.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, -1);
        configuration.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), SESSION_MILLIS);
        configuration.put(StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), HEARTBEAT_MILLIS);
        configuration.put(StreamsConfig.consumerPrefix(ConsumerConfig.RETRY_BACKOFF_MS_CONFIG), HEARTBEAT_LOOK_MILLIS);
        // a commit flushes, so nothing waits for a batch to fill; in a storm they are full
        configuration.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 5);
        configuration.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), BATCH_BYTES);
        // what a killed copy left open keeps its successor from reading on until the broker has ended it
        configuration.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), TRANSACTION_MILLIS);
        return configuration;
    }
}
