package dev.holdfast.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.outside.Page;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The guide for a host and the runbook for a restore, followed to the letter on a Debian of their own. */
class OnAHostIT {

    @Test
    void theGuideLeadsToABackupAndTheRunbookBackToTheInstantBeforeAnAccident() throws Exception {
        try (DebianHost host = DebianHost.alone()) {
            host.started();
            follow(host, "guide/on-a-host.md", "");
            host.sql("create table decisions (id int primary key, verdict text)");
            host.sql("insert into decisions values (1, 'before')");
            String before = host.sql("select clock_timestamp()");
            // the instant must lie between two commits, and PostgreSQL's clock is what counts
            host.sql("select pg_sleep(2)");
            host.sql("insert into decisions values (2, 'after')");
            host.sql("drop table decisions");
            host.sql("select pg_switch_wal()");

            follow(host, "runbooks/restore.md", "RESTORE_TO='%s'%n".formatted(before));

            assertThat(host.sql("select string_agg(verdict, ',') from decisions"))
                    .isEqualTo("before");
            assertThat(host.sql("show archive_mode")).isEqualTo("on");
            assertThat(host.run("ls -d /var/lib/postgresql/15/main.before-restore"))
                    .isNotBlank();
        }
    }

    private static void follow(DebianHost host, String page, String given) throws IOException, InterruptedException {
        for (Page.Step step : Page.steps(page)) {
            host.follow(step, given);
        }
    }
}
