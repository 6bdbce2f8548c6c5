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
        assertThat(Health.of(stanza("COMPLETE", proof("PASSED"), true)).level()).isEqualTo(Health.Level.GOOD);
    }

    @Test
    void noBackupIsTrouble() {
        Health health = Health.of(stanza(null, null, true));

        assertThat(health.level()).isEqualTo(Health.Level.TROUBLE);
        assertThat(health.reasons()).contains("There is no backup.");
    }

    @Test
    void aFailedProofIsTrouble() {
        Health health = Health.of(stanza("COMPLETE", proof("FAILED"), true));

        assertThat(health.level()).isEqualTo(Health.Level.TROUBLE);
        assertThat(health.reasons()).containsExactly("The last restore test failed.");
    }

    @Test
    void damagedPagesAreTrouble() {
        assertThat(Health.of(stanza("COMPLETE_WITH_ERRORS", proof("PASSED"), true))
                        .reasons())
                .containsExactly("The newest backup holds damaged pages.");
    }

    @Test
    void aBrokenPromiseIsTrouble() {
        assertThat(Health.of(stanza("COMPLETE", proof("PASSED"), false)).level())
                .isEqualTo(Health.Level.TROUBLE);
    }

    @Test
    void anUnprovenBackupIsNotGood() {
        Health health = Health.of(stanza("COMPLETE", null, true));

        assertThat(health.level()).isEqualTo(Health.Level.ATTENTION);
        assertThat(health.reasons()).containsExactly("No restore has proven a backup yet.");
    }

    private static Proof proof(String verdict) {
        return new Proof(verdict, "CONTENT_CHECKED", new UUID(0, 1), NOW, "20261122-020003F");
    }

    private static Stanza stanza(@Nullable String status, @Nullable Proof proof, boolean met) {
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
                0);
    }
}
