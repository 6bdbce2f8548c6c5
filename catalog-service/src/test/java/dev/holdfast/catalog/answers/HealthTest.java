package dev.holdfast.catalog.answers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HealthTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    @Test
    void aProvenBackupAndNoBrokenPromiseIsGood() {
        assertThat(Health.of(stanza("COMPLETE", proof("PASSED"), true), NOW).level())
                .isEqualTo(Health.Level.GOOD);
    }

    @Test
    void noBackupIsTrouble() {
        Health health = Health.of(stanza(null, null, true), NOW);

        assertThat(health.level()).isEqualTo(Health.Level.TROUBLE);
        assertThat(texts(health)).contains("There is no backup.");
    }

    @Test
    void aFailedProofIsTrouble() {
        Health health = Health.of(stanza("COMPLETE", proof("FAILED"), true), NOW);

        assertThat(health.level()).isEqualTo(Health.Level.TROUBLE);
        assertThat(texts(health)).containsExactly("The last restore test failed: 20261122-020003F does not restore.");
    }

    @Test
    void damagedPagesAreTrouble() {
        assertThat(texts(Health.of(stanza("COMPLETE_WITH_ERRORS", proof("PASSED"), true), NOW)))
                .containsExactly("The newest backup holds damaged pages.");
    }

    @Test
    void aBrokenPromiseIsTrouble() {
        assertThat(Health.of(stanza("COMPLETE", proof("PASSED"), false), NOW).level())
                .isEqualTo(Health.Level.TROUBLE);
    }

    @Test
    void anUnprovenBackupIsNotGood() {
        Health health = Health.of(stanza("COMPLETE", null, true), NOW);

        assertThat(health.level()).isEqualTo(Health.Level.ATTENTION);
        assertThat(texts(health)).containsExactly("No restore has proven a backup yet.");
    }

    @Test
    void aRunnerThatFellSilentIsNotGood() {
        Health health = Health.of(stanza("COMPLETE", proof("PASSED"), true), NOW.plus(Duration.ofHours(1)));

        assertThat(health.level()).isEqualTo(Health.Level.ATTENTION);
        assertThat(texts(health)).containsExactly("The runner is silent: nobody would run a backup now.");
        assertThat(health.reasons().getFirst().since()).isEqualTo(NOW);
    }

    @Test
    void aBackupThatVanishedIsTrouble() {
        Stanza.Missing gone = new Stanza.Missing("20261121-020003F", 1, NOW);

        Health health = Health.of(stanza("COMPLETE", proof("PASSED"), true, List.of(gone), null), NOW);

        assertThat(health.level()).isEqualTo(Health.Level.TROUBLE);
        assertThat(texts(health))
                .containsExactly("Backup 20261121-020003F is gone from repository 1; no expiry removed it.");
    }

    @Test
    void aRequestThatCameToNothingSinceIsNotGood() {
        var failed = new Stanza.FailedRequest(new UUID(0, 2), "FAILED", NOW, "the disk is full");

        Health health = Health.of(stanza("COMPLETE", proof("PASSED"), true, List.of(), failed), NOW);

        assertThat(health.level()).isEqualTo(Health.Level.ATTENTION);
        assertThat(texts(health)).containsExactly("The last backup request came to nothing: the disk is full");
    }

    private static List<String> texts(Health health) {
        return health.reasons().stream().map(Health.Reason::text).toList();
    }

    private static Proof proof(String verdict) {
        return new Proof(verdict, "CONTENT_CHECKED", new UUID(0, 1), NOW, "20261122-020003F");
    }

    private static Stanza stanza(@Nullable String status, @Nullable Proof proof, boolean met) {
        return stanza(status, proof, met, List.of(), null);
    }

    private static Stanza stanza(
            @Nullable String status,
            @Nullable Proof proof,
            boolean met,
            List<Stanza.Missing> missing,
            Stanza.@Nullable FailedRequest failure) {
        return new Stanza(
                "mcpgov",
                status == null ? null : new Stanza.LastBackup("20261122-020003F", "FULL", NOW, status, 1, proof),
                proof,
                List.of(),
                null,
                List.of(),
                List.of(new Stanza.Objective(
                        "backupAge", met, Duration.ofHours(1), Duration.ofHours(26), NOW, "it is too old")),
                null,
                List.of(new Stanza.Server("runner", "pool", "runner-1", NOW)),
                0,
                0,
                missing,
                failure);
    }
}
