package dev.holdfast.runner.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupStarted;
import dev.holdfast.runner.backup.Claim;
import dev.holdfast.runner.backup.RequestMemory;
import dev.holdfast.schemas.Causation;
import dev.holdfast.schemas.EventRecords;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.testsupport.EventLog;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.KafkaBroker;
import dev.holdfast.testsupport.SchemaRegistryProcess;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogFollowerIT {

    private static final String STANZA = "followed";

    private final KafkaConnection connection =
            KafkaBroker.shared().connection(SchemaRegistryProcess.shared().url());
    private final EventLog log = EventLog.open(connection);
    private final RequestMemory memory = new RequestMemory();
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final LogFollower follower =
            new LogFollower(connection, "log-follower", memory, Clock.fixed(now, ZoneOffset.UTC));

    @AfterEach
    void close() {
        follower.close();
        log.close();
    }

    @Test
    void whatWasInTheLogBeforeTheEndWasAskedForIsKnownAfterwards() throws InterruptedException {
        follower.start();
        follower.awaitCaughtUp();

        for (int turn = 0; turn < 50; turn++) {
            BackupStarted claim =
                    Events.backupStarted(STANZA, UUID.randomUUID()).build();
            log.publish(claim);

            follower.awaitRead();

            assertThat(memory.lastClaim(claim.getRequestId()).map(Claim::eventId))
                    .contains(claim.getEventId());
        }
    }

    @Test
    void aSignOfLifeFromAHostWhoseClockIsBehindIsAsFreshAsItsReading() throws Exception {
        BackupStarted claim = Events.backupStarted(STANZA, UUID.randomUUID()).build();
        publishAt(now.minus(Duration.ofHours(1)), claim);

        follower.start();
        follower.awaitCaughtUp();

        assertThat(memory.lastSign(claim.getRequestId())).contains(now);
    }

    private void publishAt(Instant time, SpecificRecord event) throws InterruptedException, ExecutionException {
        ProducerRecord<String, SpecificRecord> record = EventRecords.of(event, Causation.none());
        try (KafkaProducer<String, SpecificRecord> producer = new KafkaProducer<>(connection.producer("late"))) {
            producer.send(new ProducerRecord<>(
                            record.topic(),
                            record.partition(),
                            time.toEpochMilli(),
                            record.key(),
                            record.value(),
                            record.headers()))
                    .get();
        }
    }
}
