package dev.holdfast.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PgBackRestRepositoryIT {

    private PostgresCluster cluster;
    private PgBackRestRepository repository;

    @BeforeAll
    void start() {
        cluster = PostgresCluster.builder().archiving().start();
        repository = PgBackRestRepository.create(cluster, "mcpgov");
    }

    @AfterAll
    void stop() {
        repository.close();
        cluster.close();
    }

    @Test
    void aFullBackupIsListedWithItsAnnotation() {
        String label = repository.backup("full", Map.of("holdfast-request", "r-1"));

        assertThat(label).matches("\\d{8}-\\d{6}F");
        assertThat(repository.info()).contains(label).contains("\"holdfast-request\":\"r-1\"");
    }

    @Test
    void aDamagedBackupFileIsFoundByVerify() {
        String label = repository.backup("full");

        repository.flipByteIn(repository.backupFiles(label).getFirst());

        assertThat(repository.run("--output=text", "--log-level-console=info", "verify"))
                .contains("error");
    }

    @Test
    void aDeletedSegmentIsGoneAndChangesTheDigestOfTheArchive() {
        String segment = repository.switchWal();
        repository.switchWal();
        String before = repository.listingDigest();
        assertThat(repository.listingDigest()).isEqualTo(before);

        repository.deleteWalSegment(segment);

        assertThat(repository.walSegments()).doesNotContain(segment).isNotEmpty();
        assertThat(repository.listingDigest()).isNotEqualTo(before);
    }

    @Test
    void aSecondClusterArchivesIntoTheSameRepositoryUnderItsOwnStanza() {
        try (PostgresCluster other = PostgresCluster.builder().archiving().start();
                PgBackRestRepository second = repository.alsoFor(other, "second")) {
            String label = second.backup("full");

            assertThat(second.labels()).containsExactly(label);
            assertThat(repository.labels()).doesNotContain(label);
            assertThat(second.path()).isEqualTo(repository.path());
        }
        assertThat(repository.configuration()).exists();
    }

    @Test
    void aClusterThatDoesNotArchiveIsRefused() {
        try (PostgresCluster silent = PostgresCluster.started()) {
            assertThatThrownBy(() -> PgBackRestRepository.create(silent, "silent"))
                    .hasMessageContaining("archiving()");
        }
    }
}
