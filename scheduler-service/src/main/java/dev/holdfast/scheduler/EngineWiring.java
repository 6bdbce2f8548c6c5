package dev.holdfast.scheduler;

import dev.holdfast.events.Producer;
import dev.holdfast.scheduler.log.ReadThrough;
import dev.holdfast.scheduler.runners.Announcements;
import dev.holdfast.scheduler.stanza.Facts;
import dev.holdfast.scheduler.stanza.StanzaDesk;
import dev.holdfast.scheduler.streams.LogCatchUp;
import dev.holdfast.scheduler.streams.SchedulerTopology;
import dev.holdfast.schemas.KafkaConnection;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.config.KafkaStreamsConfiguration;
import org.springframework.kafka.config.KafkaStreamsInfrastructureCustomizer;
import org.springframework.kafka.config.StreamsBuilderFactoryBean;

/** The Streams application and what it decides with. */
@Configuration(proxyBeanMethods = false)
class EngineWiring {

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
    SchedulerTopology.Parts topologyParts(
            SchedulerSettings settings, KafkaConnection connection, Producer producer, Announcements announcements) {
        Executor thread = Executors.newSingleThreadExecutor(
                Thread.ofVirtual().name("catch-up").factory());
        return new SchedulerTopology.Parts(
                connection,
                () -> new StanzaDesk(new Facts(producer), announcements, settings.unknownGrace()),
                new LogCatchUp(connection, settings.applicationId(), thread),
                settings.tick(),
                settings.firesATick());
    }

    @Bean
    StreamsBuilderFactoryBean streams(
            SchedulerSettings settings, KafkaConnection connection, SchedulerTopology.Parts parts) {
        StreamsBuilderFactoryBean streams =
                new StreamsBuilderFactoryBean(new KafkaStreamsConfiguration(configuration(settings, connection)));
        streams.setInfrastructureCustomizer(new KafkaStreamsInfrastructureCustomizer() {
            @Override
            public void configureBuilder(StreamsBuilder builder) {
                SchedulerTopology.build(builder, parts);
            }
        });
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
        // the defaults of 100 ms each would be most of a fire's delay
        configuration.put(StreamsConfig.POLL_MS_CONFIG, settings.tick().toMillis());
        configuration.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, settings.tick().toMillis());
        configuration.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, -1);
        configuration.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 6_000);
        configuration.put(StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 2_000);
        configuration.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 0);
        return configuration;
    }
}
