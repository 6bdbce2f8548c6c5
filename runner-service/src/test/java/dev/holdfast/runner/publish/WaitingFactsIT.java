package dev.holdfast.runner.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupFailed;
import dev.holdfast.runner.backup.Claim;
import dev.holdfast.runner.backup.Ending;
import dev.holdfast.runner.backup.RequestMemory;
import dev.holdfast.runner.backup.Source;
import dev.holdfast.schemas.Causation;
import dev.holdfast.schemas.ContractProvisioner;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.testsupport.EventLog;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.KafkaBroker;
import dev.holdfast.testsupport.SchemaRegistryProcess;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A runner that was killed after a fact was on its disk and before it was in the log. */
class WaitingFactsIT {

    private final KafkaConnection connection =
            KafkaBroker.shared().connection(SchemaRegistryProcess.shared().url());
    private final RequestMemory memory = new RequestMemory();
    private final UUID requestId = UUID.randomUUID();
    private final BackupFailed fact = Events.backupFailed("waiting", requestId).build();

    @TempDir
    private Path folder;

    private EventLog events;
    private FactLog log;
    private KafkaFacts nextLife;

    @BeforeEach
    void leaveAFact() {
        new ContractProvisioner(connection).provision();
        events = EventLog.open(connection);
        log = new FactLog(connection, "waiting-facts");
        new Spool(folder)
                .keep(new Spool.Waiting(fact.getEventId(), fact, Causation.none(), Optional.of(new Source(0, 1))));
        Signature signature = new Signature("one", "pool", "test", Clock.systemUTC());
        nextLife = new KafkaFacts(log, signature, memory, folder);
    }

    @AfterEach
    void close() {
        log.close();
        events.close();
    }

    @Test
    void theNextLifeWritesItOnce() throws InterruptedException {
        nextLife.catchUp();
        nextLife.catchUp();

        assertThat(written()).isEqualTo(1);
        assertThat(memory.ending(requestId).map(Ending::eventId)).contains(fact.getEventId());
        assertThat(new Spool(folder).waiting()).isEmpty();
    }

    @Test
    void theNextLifeLeavesOutWhatTheLogHas() throws InterruptedException {
        memory.ended(new Ending(requestId, fact.getEventId(), "failed", Optional.empty()), Instant.now());

        nextLife.catchUp();

        assertThat(written()).isZero();
        assertThat(new Spool(folder).waiting()).isEmpty();
    }

    @Test
    void theNextLifeLeavesOutAFactOfARequestThatAnotherRunnerHasEnded() throws InterruptedException {
        memory.ended(new Ending(requestId, UUID.randomUUID(), "completed", Optional.empty()), Instant.now());

        nextLife.catchUp();

        assertThat(written()).isZero();
    }

    @Test
    void theNextLifeLeavesOutAFailureWhenAnotherRunnerTriesAgain() throws InterruptedException {
        memory.started(new Claim(requestId, 2, UUID.randomUUID(), "other", Instant.now(), Optional.empty()));

        nextLife.catchUp();

        assertThat(written()).isZero();
    }

    private long written() {
        return events.all(BackupFailed.class).stream()
                .filter(event -> event.getRequestId().equals(requestId))
                .count();
    }
}
