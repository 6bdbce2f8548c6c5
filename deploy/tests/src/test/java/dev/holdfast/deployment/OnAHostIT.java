package dev.holdfast.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.outside.Page;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The guide for a host and the runbook for a restore, followed to the letter on a Debian of their own. */
class OnAHostIT {

    private final List<Page.Step> runbook = Page.steps("runbooks/restore.md");

    @Test
    void theGuideLeadsToABackupAndTheRunbookBackToTheInstantBeforeAnAccident() throws Exception {
        try (DebianHost host = DebianHost.alone()) {
            host.started();
            follow(host, Page.steps("guide/on-a-host.md").stream(), "");
            host.sql("create table decisions (id int primary key, verdict text)");
            host.sql("insert into decisions values (1, 'before')");
            String before = host.sql("select clock_timestamp()");
            // the instant must lie between two commits, and PostgreSQL's clock is what counts
            host.sql("select pg_sleep(2)");
            host.sql("insert into decisions values (2, 'after')");
            host.sql("drop table decisions");
            host.sql("select pg_switch_wal()");

            // no help after this accident, and nothing is lost by it
            follow(host, way("end").takeWhile(step -> !isOfNoReturn(step)), "");
            assertThat(host.sql("select to_regclass('decisions') is null")).isEqualTo("t");
            assertThat(host.sql("show archive_mode")).isEqualTo("off");
            follow(host, runbook.stream().filter(step -> step.way().equals("undo")), "");
            assertThat(host.sql("show archive_mode")).isEqualTo("on");

            follow(host, way("instant"), "RESTORE_TO='%s'%n".formatted(before));

            assertThat(host.sql("select string_agg(verdict, ',') from decisions"))
                    .isEqualTo("before");
            assertThat(host.sql("show archive_mode")).isEqualTo("on");
            assertThat(host.run("ls -d /var/lib/postgresql/15/main.before-restore"))
                    .isNotBlank();
        }
    }

    /** The runbook's steps for whoever goes back to this. */
    private Stream<Page.Step> way(String name) {
        return runbook.stream()
                .filter(step -> step.way().isEmpty() || step.way().equals(name));
    }

    /** Archiving begins again. */
    private static boolean isOfNoReturn(Page.Step step) {
        return step instanceof Page.Commands commands && commands.text().contains("reset archive_mode");
    }

    private static void follow(DebianHost host, Stream<Page.Step> steps, String given)
            throws IOException, InterruptedException {
        for (Page.Step step : steps.toList()) {
            host.follow(step, given);
        }
    }
}
