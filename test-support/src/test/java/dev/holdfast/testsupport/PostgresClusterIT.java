package dev.holdfast.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PostgresClusterIT {

    @Test
    void aClusterHasChecksumsAndKeepsWhatWasCommittedBeforeACrash() {
        try (PostgresCluster cluster = PostgresCluster.started()) {
            cluster.createDatabase("mcpgov");
            cluster.sqlIn("mcpgov", "create table t as select 42 as answer");

            cluster.kill();
            assertThat(cluster.isRunning()).isFalse();
            cluster.start();

            assertThat(cluster.sqlIn("mcpgov", "select answer from t")).containsExactly("42");
            assertThat(cluster.sql("show data_checksums")).containsExactly("on");
        }
    }

    @Test
    void twoClustersAreDifferentAndSettingsCount() {
        try (PostgresCluster one = PostgresCluster.started();
                PostgresCluster other = PostgresCluster.builder()
                        .withoutChecksums()
                        .walSegmentMegabytes(1)
                        .setting("work_mem", "3MB")
                        .start()) {
            assertThat(one.systemIdentifier()).isNotEqualTo(other.systemIdentifier());
            assertThat(other.sql("show data_checksums")).containsExactly("off");
            assertThat(other.sql("show wal_segment_size")).containsExactly("1MB");
            assertThat(other.sql("select 1; show work_mem")).containsExactly("3MB");
        }
    }

    @Test
    void aClosedClusterLeavesNothing() {
        PostgresCluster cluster = PostgresCluster.started();
        Path data = cluster.dataDirectory();

        cluster.close();

        assertThat(Files.exists(data.getParent())).isFalse();
        assertThat(cluster.isRunning()).isFalse();
    }

    @Test
    void whatIsKeptIsThereForTheNextCluster() {
        Path folder = DatabaseUser.newFolder("holdfast-kept-");
        try {
            try (PostgresCluster first =
                    PostgresCluster.builder().keptIn(folder).start()) {
                first.sql("create table t as select 42 as answer");
            }
            try (PostgresCluster next = PostgresCluster.builder()
                    .keptIn(folder)
                    .setting("work_mem", "3MB")
                    .start()) {
                assertThat(next.sql("select answer from t")).containsExactly("42");
                assertThat(next.sql("show work_mem")).containsExactly("3MB");
            }
        } finally {
            Cleanup.delete(folder);
        }
    }
}
