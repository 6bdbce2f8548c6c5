package dev.holdfast.scheduler;

import dev.holdfast.events.Policy;
import dev.holdfast.events.RunnerAnnounced;
import dev.holdfast.scheduler.intake.KeyView;
import dev.holdfast.scheduler.intake.LogView;
import dev.holdfast.scheduler.log.KeyBook;
import dev.holdfast.scheduler.log.OwnTopic;
import dev.holdfast.scheduler.log.ReadThrough;
import dev.holdfast.scheduler.policy.PolicyBook;
import dev.holdfast.scheduler.publish.FencingPen;
import dev.holdfast.scheduler.publish.KeyClaims;
import dev.holdfast.scheduler.publish.RequestPublisher;
import dev.holdfast.scheduler.runners.Announcements;
import dev.holdfast.scheduler.slot.Timetable;
import dev.holdfast.scheduler.streams.PlacesReader;
import dev.holdfast.scheduler.streams.SchedulerTopology;
import dev.holdfast.scheduler.web.IdempotencyKeys;
import dev.holdfast.scheduler.web.Publication;
import dev.holdfast.scheduler.web.QueueView;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.cloud.stream.function.StreamBridge;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.config.StreamsBuilderFactoryBean;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.support.KafkaHeaderMapper;
import org.springframework.kafka.support.SimpleKafkaHeaderMapper;
import org.springframework.messaging.Message;

/** The bindings beside the engine: what every instance reads for itself, and what comes in over HTTP. */
@Configuration(proxyBeanMethods = false)
class BindingWiring {

    /** Much longer than any scheduler is away: a message that is lost would leave a place taken. */
    private static final Duration PLACES_KEPT = Duration.ofDays(30);

    @Bean
    PolicyBook policyBook() {
        return new PolicyBook();
    }

    @Bean
    ReadThrough policiesProgress() {
        return new ReadThrough();
    }

    @Bean
    ReadThrough runnersProgress() {
        return new ReadThrough();
    }

    @Bean
    BooleanSupplier policiesRead(ReadThrough policiesProgress) {
        return policiesProgress::isDone;
    }

    @Bean
    ContractStart contractStart(
            WebServerApplicationContext context,
            KafkaConnection connection,
            SchedulerSettings settings,
            ReadThrough policiesProgress,
            ReadThrough runnersProgress) {
        return new ContractStart(
                context,
                connection,
                List.of(
                        new OwnTopic(SchedulerTopology.placesTopic(settings.applicationId()), PLACES_KEPT),
                        new OwnTopic(settings.applicationId() + "-keys", KeyBook.KEPT)),
                Map.of(Topic.POLICIES, policiesProgress, Topic.RUNNERS, runnersProgress));
    }

    @Bean
    Consumer<Message<byte[]>> policies(PolicyBook book, ReadThrough policiesProgress, KafkaConnection connection) {
        return new LogView<>(
                Policy.class,
                policy -> {
                    // the engine answers the others with a dead letter
                    if (Timetable.isValid(policy.getDefinition())) {
                        book.accept(policy);
                    }
                },
                policiesProgress,
                connection);
    }

    @Bean
    Consumer<Message<byte[]>> runners(
            Announcements announcements, ReadThrough runnersProgress, KafkaConnection connection) {
        return new LogView<>(RunnerAnnounced.class, announcements::accept, runnersProgress, connection);
    }

    @Bean
    QueueView queueView(SchedulerSettings settings, KafkaConnection connection) {
        PlacesReader reader = new PlacesReader(connection, settings.applicationId());
        return reader::read;
    }

    @Bean
    KeyBook keyBook() {
        return new KeyBook();
    }

    @Bean
    Consumer<Message<byte[]>> keys(KeyBook book) {
        return new KeyView(book);
    }

    @Bean
    IdempotencyKeys idempotencyKeys(SchedulerSettings settings, KafkaConnection connection, KeyBook book) {
        Map<String, Object> configuration = new HashMap<>(connection.producer("scheduler-keys"));
        configuration.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, StringSerializer.class.getName());
        var template = new KafkaTemplate<String, String>(new DefaultKafkaProducerFactory<>(configuration));
        return new KeyClaims(template, settings.applicationId() + "-keys", book)::claim;
    }

    /** Headers of events are bytes already; nothing else of a message goes to Kafka. */
    @Bean
    KafkaHeaderMapper eventHeaderMapper() {
        return new SimpleKafkaHeaderMapper("ce_*", "traceparent", "content-type");
    }

    @Bean
    FencingPen policyPen(KafkaConnection connection, ReadThrough policiesProgress) {
        return new FencingPen(connection, policiesProgress);
    }

    @Bean
    Publication publication(StreamBridge bridge) {
        return new RequestPublisher(bridge)::publish;
    }

    @Bean
    HealthIndicator engine(
            ContractStart contract,
            StreamsBuilderFactoryBean streams,
            BooleanSupplier policiesRead,
            KafkaConnection connection,
            ClockWatch watch) {
        return new EngineHealth(
                connection.bootstrapServers(), contract::isDone, () -> stateOf(streams), policiesRead, watch);
    }

    private static KafkaStreams.State stateOf(StreamsBuilderFactoryBean streams) {
        KafkaStreams running = streams.getKafkaStreams();
        return running == null ? KafkaStreams.State.CREATED : running.state();
    }
}
