package dev.holdfast.deployment;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.KafkaBroker;
import dev.holdfast.testsupport.outside.BackupList;
import dev.holdfast.testsupport.outside.Cli;
import dev.holdfast.testsupport.outside.Http;
import dev.holdfast.testsupport.outside.Patience;
import dev.holdfast.testsupport.outside.PlainProducer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The release before is replaced by this build, one service after another, while it works. */
class UpgradeIT {

    private static final String STANZA = "upgrade";
    private static final Path THIS_BUILD = Path.of(System.getProperty("holdfast.root"));
    private static final List<String> GROUPS =
            List.of("holdfast-scheduler", "holdfast-runner-" + STANZA, "holdfast-validator-" + STANZA);
    private static final String[] ENDS = {"BackupCompleted", "BackupFailed", "BackupRejected"};

    @TempDir
    private Path folder;

    @Test
    void whatIsInFlightEndsOnceAndTheLogReadsAsBefore() throws Exception {
        Path former = FormerRelease.built();
        try (KafkaBroker broker = KafkaBroker.ownBroker();
                Installation site = new Installation(broker.bootstrapServers(), STANZA)) {
            site.startAll(former);
            applyMinutelyPolicy(site);
            UUID early = site.producer().requestBackup(STANZA);
            String label = site.await(early, ENDS).getFirst().text("label");
            List<UUID> backups = new ArrayList<>(List.of(early));
            List<UUID> tests = new ArrayList<>();
            Instant upgradedFrom = Instant.now();

            for (Installation.Part part : Installation.Part.values()) {
                backups.add(site.producer().requestBackup(STANZA));
                tests.add(site.producer().requestRestoreTest(STANZA, label, "BACKUP_END"));
                awaitWorkUnderWay(site, part, backups.getLast(), tests.getLast());
                Map<TopicPartition, Long> committed = committed(broker);

                site.kill(part);
                backups.add(site.producer().requestBackup(STANZA));
                site.start(part, THIS_BUILD);

                assertThat(committed(broker))
                        .as("positions after the upgrade of %s", part)
                        .allSatisfy((partition, position) ->
                                assertThat(position).isGreaterThanOrEqualTo(committed.getOrDefault(partition, 0L)));
            }

            backups.forEach(request -> assertThatItEndedInOneBackup(site, request));
            tests.forEach(test -> assertThat(site.await(test, "RestoreTestCompleted"))
                    .as("verdicts of %s", test)
                    .singleElement()
                    .satisfies(verdict -> assertThat(verdict.text("verdict")).isEqualTo("PASSED")));
            assertThatSlotsGoOnAndEachEndedOnce(site, upgradedFrom);
            assertThatTheCatalogSaysWhatTheLogSays(site, backups);
        }
    }

    private void applyMinutelyPolicy(Installation site) throws IOException {
        Path policy = Files.writeString(folder.resolve("policy.yaml"), """
                stanza: upgrade
                timezone: UTC
                backups: [{name: minutely, type: incr, cron: "* * * * *"}]
                overlap: queue
                missed: {policy: run-once, within: 12h}
                """);
        Cli.Ended applied = site.cli().run("policy", "apply", "-f", policy.toString());
        assertThat(applied.exitCode()).as("%s", applied).isZero();
    }

    /** So that the service is ended in the middle of something. */
    private static void awaitWorkUnderWay(Installation site, Installation.Part part, UUID backup, UUID test) {
        switch (part) {
            case RUNNER -> site.await(backup, "BackupStarted");
            case VALIDATOR -> site.await(test, "RestoreTestStarted");
            case SCHEDULER, CATALOG -> assertThat(site.log().of(backup)).isNotEmpty();
        }
    }

    private static void assertThatItEndedInOneBackup(Installation site, UUID request) {
        assertThat(site.await(request, ENDS))
                .as("ends of %s", request)
                .singleElement()
                .satisfies(end -> assertThat(end.type()).isEqualTo("BackupCompleted"));
        assertThat(BackupList.of(site.repository()).madeFor(request)).hasSize(1);
    }

    private static void assertThatSlotsGoOnAndEachEndedOnce(Installation site, Instant upgradedFrom) {
        Patience.until(
                "a slot that the new scheduler has served",
                () -> assertThat(site.log().ofType("SlotConcluded"))
                        .anyMatch(slot -> Long.parseLong(slot.text("slot")) > PlainProducer.micros(upgradedFrom)));
        Map<String, Long> conclusions =
                site.log().ofType("SlotConcluded").collect(groupingBy(slot -> slot.text("slot"), counting()));
        assertThat(conclusions)
                .allSatisfy((slot, times) ->
                        assertThat(times).as("conclusions of slot %s", slot).isEqualTo(1));
        assertThat(site.cli().run("policy", "get", STANZA).stdout()).contains("minutely");
        assertThat(site.cli().run("policy", "delete", STANZA).exitCode()).isZero();
    }

    private static void assertThatTheCatalogSaysWhatTheLogSays(Installation site, List<UUID> backups) {
        Http fresh = site.freshCatalog(THIS_BUILD);
        Patience.until(
                "a catalog over an empty database with the same content",
                () -> assertThat(hashOf(fresh)).isNotBlank().isEqualTo(hashOf(site.catalog())));
        assertThat(backups)
                .allSatisfy(request -> assertThat(fresh.get("/api/v1/requests/" + request)
                                .json()
                                .path("state")
                                .asText())
                        .isEqualTo("COMPLETED"));
    }

    private static String hashOf(Http catalog) {
        return catalog.get("/api/v1/content-hash").json().path("sha256").asText();
    }

    private static Map<TopicPartition, Long> committed(KafkaBroker broker)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> positions = new HashMap<>();
        try (Admin admin =
                Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()))) {
            for (String group : GROUPS) {
                admin.listConsumerGroupOffsets(group)
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .forEach((partition, position) -> positions.put(
                                new TopicPartition(group + " " + partition.topic(), partition.partition()),
                                position.offset()));
            }
        }
        return positions;
    }
}
