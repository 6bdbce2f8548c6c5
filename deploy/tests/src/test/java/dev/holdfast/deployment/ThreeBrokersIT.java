package dev.holdfast.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.KafkaCluster;
import dev.holdfast.testsupport.outside.BackupList;
import dev.holdfast.testsupport.outside.LoggedEvent;
import dev.holdfast.testsupport.outside.Patience;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A cluster of three brokers loses one after another, and the registry is stopped, while everything works. */
class ThreeBrokersIT {

    private static final String STANZA = "brokers";
    private static final Path THIS_BUILD = Path.of(System.getProperty("holdfast.root"));
    private static final String[] ENDS = {"BackupCompleted", "BackupFailed", "BackupRejected"};

    @Test
    void withOneBrokerOfThreeOrTheRegistryStoppedRequestsAreServedOnce() {
        try (KafkaCluster cluster = KafkaCluster.started();
                Installation site = new Installation(cluster.bootstrapServers(), STANZA)) {
            site.startAll(THIS_BUILD);
            List<UUID> requests = new ArrayList<>();
            // every schema is met once while the registry is there
            requests.add(provenOverHttp(site));
            for (int broker = 0; broker < cluster.size(); broker++) {
                UUID running = site.producer().requestBackup(STANZA);
                site.await(running, "BackupStarted");

                cluster.kill(broker);

                requests.add(running);
                requests.add(provenWhileSomethingIsAway(site));
                cluster.start(broker);
            }
            site.registry().stop();
            requests.add(provenOverHttp(site));
            site.registry().start();

            assertThat(requests).allSatisfy(request -> {
                assertThat(site.await(request, ENDS)).as("ends of %s", request).hasSize(1);
                assertThat(BackupList.of(site.repository()).madeFor(request)).hasSize(1);
            });
            assertThat(site.executions().of("backup", STANZA)).hasSameSizeAs(requests);
            Patience.until(
                    "the catalog",
                    () -> assertThat(requests)
                            .allSatisfy(request -> assertThat(site.catalog()
                                            .get("/api/v1/requests/" + request)
                                            .json()
                                            .path("state")
                                            .asText())
                                    .isEqualTo("COMPLETED")));
        }
    }

    /** The same, asked for over HTTP, which needs no registry: this test's own producer asks the registry each time, the services remember. */
    private static UUID provenOverHttp(Installation site) {
        UUID backup = UUID.fromString(site.scheduler()
                .postJson("/api/v1/backup-requests", "{\"stanza\": \"%s\", \"type\": \"full\"}".formatted(STANZA))
                .json()
                .path("requestId")
                .asText());
        String label = site.await(backup, ENDS).getFirst().text("label");
        UUID test = UUID.fromString(site.scheduler()
                .postJson(
                        "/api/v1/restore-test-requests",
                        "{\"stanza\": \"%s\", \"label\": \"%s\"}".formatted(STANZA, label))
                .json()
                .path("requestId")
                .asText());
        assertThat(site.await(test, "RestoreTestCompleted").getFirst().text("verdict"))
                .isEqualTo("PASSED");
        return backup;
    }

    /** A backup, and a restore test of it, both asked for and ended now. */
    private static UUID provenWhileSomethingIsAway(Installation site) {
        UUID backup = site.producer().requestBackup(STANZA);
        LoggedEvent end = site.await(backup, ENDS).getFirst();
        assertThat(end.type()).as("%s", end).isEqualTo("BackupCompleted");
        UUID test = site.producer().requestRestoreTest(STANZA, end.text("label"), "BACKUP_END");
        assertThat(site.await(test, "RestoreTestCompleted").getFirst().text("verdict"))
                .isEqualTo("PASSED");
        return backup;
    }
}
