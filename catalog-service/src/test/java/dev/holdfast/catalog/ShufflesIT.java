package dev.holdfast.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.catalog.answers.ContentHash;
import dev.holdfast.catalog.history.LogRecord;
import dev.holdfast.catalog.history.Partition;
import dev.holdfast.catalog.history.ProjectionStore;
import dev.holdfast.catalog.intake.KafkaLog;
import dev.holdfast.catalog.store.Database;
import dev.holdfast.catalog.store.PostgresCatalog;
import dev.holdfast.catalog.store.PostgresProjection;
import dev.holdfast.events.RequestKind;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.testsupport.EventLog;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.KafkaBroker;
import dev.holdfast.testsupport.PolicyEvents;
import dev.holdfast.testsupport.PostgresCluster;
import dev.holdfast.testsupport.ProofEvents;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** The same facts, whatever the order and the batches in which they come, and however often, are the same content. */
class ShufflesIT {

    private static final String STANZA = "shuffled";
    private static final String OTHER = "also_shuffled";
    private static final String EMPTY = "nothing_yet";
    private static final PostgresCluster CLUSTER = PostgresCluster.started();

    private static List<LogRecord> records = List.of();
    private static String inOrder = "";

    @BeforeAll
    static void read() {
        KafkaConnection kafka = KafkaBroker.shared().connection("mock://catalog-it");
        try (EventLog log = EventLog.open(kafka)) {
            Story.of(STANZA).events().forEach(log::publish);
            ofTwoStanzas().forEach(log::publish);
            ofTheQueue().forEach(log::publish);
        }
        List<LogRecord> all = new ArrayList<>();
        try (KafkaLog log = KafkaLog.open(kafka)) {
            log.startAt(Map.of());
            while (log.behind().orElse(1) > 0) {
                all.addAll(log.poll(Duration.ofSeconds(1)));
            }
        }
        records = all.stream().filter(ShufflesIT::isOfTheStory).toList();
        // to make the tables takes longer than to fill them
        CLUSTER.createDatabase(EMPTY);
        begun(database(EMPTY)).close();
        inOrder = projected("in_order", List.of(records)).sha256();
    }

    private static boolean isOfTheStory(LogRecord record) {
        return record instanceof LogRecord.Event event
                && event.subject()
                        .stanza()
                        .filter(Set.of(STANZA, OTHER)::contains)
                        .isPresent();
    }

    /** Requests that two stanzas name, or tests that two requests name: nobody should, and anybody can. */
    private static List<SpecificRecord> ofTwoStanzas() {
        UUID rejected = UUID.randomUUID();
        UUID unserved = UUID.randomUUID();
        UUID beating = UUID.randomUUID();
        UUID test = UUID.randomUUID();
        List<SpecificRecord> events = new ArrayList<>();
        events.add(Events.backupStarted(STANZA, beating).build());
        for (String stanza : List.of(STANZA, OTHER)) {
            events.add(Events.backupRejected(stanza, rejected).build());
            events.add(PolicyEvents.requestUnserved(stanza, unserved).build());
            events.add(Events.backupProgressed(stanza, beating).build());
            UUID request = UUID.randomUUID();
            events.add(ProofEvents.restoreTestRequested(stanza)
                    .setRequestId(request)
                    .setTestId(test)
                    .build());
            events.add(ProofEvents.restoreTestProgressed(stanza, UUID.randomUUID(), test)
                    .build());
            events.add(PolicyEvents.requestUnserved(stanza, request)
                    .setKind(RequestKind.RESTORE_TEST)
                    .setTestId(test)
                    .build());
        }
        return events;
    }

    /** What waits, and what was asked for, called off or given up after it had waited. */
    private static List<SpecificRecord> ofTheQueue() {
        UUID asked = UUID.randomUUID();
        UUID calledOff = UUID.randomUUID();
        UUID givenUp = UUID.randomUUID();
        UUID test = UUID.randomUUID();
        Instant slot = Instant.now().truncatedTo(ChronoUnit.DAYS);
        return List.of(
                PolicyEvents.requestQueued(STANZA, UUID.randomUUID())
                        .setSlot(slot.plus(1, ChronoUnit.DAYS))
                        .build(),
                PolicyEvents.requestQueued(STANZA, asked).build(),
                PolicyEvents.requestQueued(STANZA, asked).build(),
                Events.backupRequested(STANZA).setRequestId(asked).build(),
                PolicyEvents.requestQueued(STANZA, calledOff).build(),
                Events.cancelRequested(STANZA, calledOff).build(),
                PolicyEvents.requestQueued(STANZA, givenUp).setSlot(slot).build(),
                PolicyEvents.slotConcluded(STANZA, givenUp)
                        .setSlot(slot)
                        .setRequestId(null)
                        .build(),
                PolicyEvents.requestQueued(STANZA, UUID.randomUUID())
                        .setKind(RequestKind.RESTORE_TEST)
                        .setTestId(test)
                        .build(),
                ProofEvents.restoreTestRequested(STANZA).setTestId(test).build());
    }

    @AfterAll
    static void end() {
        CLUSTER.close();
    }

    @RepeatedTest(20)
    void anyOrderAnyBatchesAndDuplicatesGiveOneContent(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        List<LogRecord> shuffled = new ArrayList<>(records);
        Collections.shuffle(shuffled, random);
        shuffled.addAll(shuffled.subList(0, shuffled.size() / 3));
        List<List<LogRecord>> batches = new ArrayList<>();
        for (int from = 0; from < shuffled.size(); ) {
            int to = Math.min(shuffled.size(), from + 1 + random.nextInt(15));
            batches.add(shuffled.subList(from, to));
            from = to;
        }

        ContentHash hash = projected("shuffle_" + repetition.getCurrentRepetition(), batches);

        assertThat(hash.sha256()).as("%s", hash).isEqualTo(inOrder);
    }

    private static ContentHash projected(String name, List<List<LogRecord>> batches) {
        CLUSTER.sql("create database %s template %s".formatted(name, EMPTY));
        Database database = database(name);
        try (ProjectionStore.Session session = begun(database)) {
            batches.forEach(batch -> session.project(batch, Map.of(new Partition("any", 0), 1L)));
        }
        try (HikariDataSource pool = database.queryPool(Duration.ofSeconds(30))) {
            return new PostgresCatalog(pool, new JdbcTransactionManager(pool)).contentHash();
        }
    }

    private static Database database(String name) {
        return new Database(CLUSTER.jdbcUrl(name), PostgresCluster.SUPERUSER, "");
    }

    private static ProjectionStore.Session begun(Database database) {
        return new PostgresProjection(database, Period.ZERO).tryLead().orElseThrow();
    }
}
