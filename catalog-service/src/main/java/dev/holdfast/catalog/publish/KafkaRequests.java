package dev.holdfast.catalog.publish;

import dev.holdfast.catalog.asking.Asker;
import dev.holdfast.catalog.asking.NotTakenException;
import dev.holdfast.catalog.asking.RequestLog;
import dev.holdfast.catalog.asking.Wish;
import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.BackupSelection;
import dev.holdfast.events.BackupType;
import dev.holdfast.events.PrincipalSource;
import dev.holdfast.events.Producer;
import dev.holdfast.events.ProofWish;
import dev.holdfast.events.RequestOrigin;
import dev.holdfast.events.Requester;
import dev.holdfast.events.RestoreTarget;
import dev.holdfast.events.RestoreTestRequested;
import dev.holdfast.events.TargetKind;
import dev.holdfast.schemas.Causation;
import dev.holdfast.schemas.EventRecords;
import dev.holdfast.schemas.Ids;
import dev.holdfast.schemas.KafkaConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;

/** Requests as events on Kafka. Somebody asks a few times a day: the producer lives for one request, and costs nothing between. */
public final class KafkaRequests implements RequestLog {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final KafkaConnection kafka;
    private final Producer producer;
    private final Clock clock;

    /**
     * Opens nothing yet.
     *
     * @param producer what the events say of this process
     */
    public KafkaRequests(KafkaConnection kafka, Producer producer, Clock clock) {
        this.kafka = kafka;
        this.producer = producer;
        this.clock = clock;
    }

    @Override
    public void write(UUID requestId, Wish wish, Asker asker) {
        SpecificRecord event = switch (wish) {
            case Wish.Backup backup -> event(requestId, backup, requester(asker));
            case Wish.Proof proof -> event(requestId, proof, requester(asker));
        };
        try (KafkaProducer<String, SpecificRecord> log = new KafkaProducer<>(settings())) {
            log.send(EventRecords.of(event, Causation.none())).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NotTakenException("interrupted while the request was being written", e);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            throw new NotTakenException(
                    "Kafka at %s has not taken the request: %s".formatted(kafka.bootstrapServers(), e.getMessage()), e);
        }
    }

    private BackupRequested event(UUID requestId, Wish.Backup wish, Requester requester) {
        Instant now = clock.instant();
        return BackupRequested.newBuilder()
                .setEventId(Ids.newEventId(now))
                .setOccurredAt(now)
                .setStanza(wish.stanza())
                .setRequestId(requestId)
                .setProducer(producer)
                .setType(
                        switch (wish.kind()) {
                            case FULL -> BackupType.FULL;
                            case DIFF -> BackupType.DIFF;
                            case INCR -> BackupType.INCR;
                        })
                .setOrigin(RequestOrigin.AD_HOC)
                .setRequestedBy(requester)
                .setReason(wish.reason())
                .setProof(wish.proven() ? ProofWish.AFTER_COMPLETION : ProofWish.NONE)
                .build();
    }

    private RestoreTestRequested event(UUID requestId, Wish.Proof wish, Requester requester) {
        Instant now = clock.instant();
        RestoreTestRequested.Builder request = RestoreTestRequested.newBuilder()
                .setEventId(Ids.newEventId(now))
                .setOccurredAt(now)
                .setStanza(wish.stanza())
                .setRequestId(requestId)
                .setProducer(producer)
                .setTestId(Ids.derived(requestId.toString(), "ad-hoc"))
                .setSelection(BackupSelection.NEWEST)
                .setTarget(RestoreTarget.newBuilder()
                        .setKind(
                                switch (wish.aim()) {
                                    case BACKUP_END -> TargetKind.BACKUP_END;
                                    case LATEST -> TargetKind.LATEST;
                                })
                        .build())
                .setOrigin(RequestOrigin.AD_HOC)
                .setRequestedBy(requester)
                .setReason(wish.reason());
        if (wish.label() != null) {
            request.setBackupLabel(wish.label());
        }
        if (wish.repository() != null) {
            request.setRepository(wish.repository());
        }
        return request.build();
    }

    private static Requester requester(Asker asker) {
        return new Requester(
                asker.name(),
                switch (asker.established()) {
                    case OIDC -> PrincipalSource.OIDC;
                    case MUTUAL_TLS -> PrincipalSource.MUTUAL_TLS;
                    case UNKNOWN -> PrincipalSource.UNKNOWN;
                });
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>(kafka.producer("holdfast-catalog-requests"));
        int patience = (int) PATIENCE.toMillis();
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, patience);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, patience);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, patience / 2);
        return settings;
    }
}
