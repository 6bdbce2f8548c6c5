package dev.holdfast.stories;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/** The guide for a host and the runbook for a restore, followed to the letter on a Debian of their own. */
class OnAHostIT {

    /** The packages that the guide's first command installs, and nothing else. */
    private static final String IMAGE = "holdfast/sandbox:15";

    @Test
    void theGuideLeadsToABackupAndTheRunbookBackToTheInstantBeforeAnAccident() throws Exception {
        try (GenericContainer<?> host = host()) {
            host.start();
            run(host, "install -d -o postgres -g postgres -m 2775 /var/log/postgresql");
            follow(host, "guide/on-a-host.md", "");
            sql(host, "create table decisions (id int primary key, verdict text)");
            sql(host, "insert into decisions values (1, 'before')");
            String before = sql(host, "select clock_timestamp()");
            // the instant must lie between two commits, and PostgreSQL's clock is what counts
            sql(host, "select pg_sleep(2)");
            sql(host, "insert into decisions values (2, 'after')");
            sql(host, "drop table decisions");
            sql(host, "select pg_switch_wal()");

            follow(host, "runbooks/restore.md", "RESTORE_TO='%s'%n".formatted(before));

            assertThat(sql(host, "select string_agg(verdict, ',') from decisions"))
                    .isEqualTo("before");
            assertThat(sql(host, "show archive_mode")).isEqualTo("on");
            assertThat(run(host, "ls -d /var/lib/postgresql/15/main.before-restore"))
                    .isNotBlank();
        }
    }

    private static GenericContainer<?> host() {
        return new GenericContainer<>(DockerImageName.parse(IMAGE))
                .withImagePullPolicy(image -> false)
                .withNetworkMode("none")
                // root's on Debian; the image has a shorter one
                .withEnv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
                .withCreateContainerCmdModifier(create -> create.withUser("root"));
    }

    private static void follow(GenericContainer<?> host, String page, String given) throws Exception {
        for (Page.Step step : Page.steps(page)) {
            switch (step) {
                case Page.Commands commands -> run(host, commands.place(), given + commands.text());
                case Page.Content content -> host.copyFileToContainer(Transferable.of(content.text()), content.file());
            }
        }
    }

    private static String sql(GenericContainer<?> host, String statement) throws Exception {
        return run(host, "runuser -u postgres -- psql -qAtXc \"%s\"".formatted(statement))
                .strip();
    }

    private static String run(GenericContainer<?> host, String script) throws Exception {
        return run(host, "the test's own command", script);
    }

    private static String run(GenericContainer<?> host, String place, String script)
            throws IOException, InterruptedException {
        ExecResult result = host.execInContainer("bash", "-euc", script);
        assertThat(result.getExitCode())
                .as("%s%n%s%n%s%s", place, script, result.getStdout(), result.getStderr())
                .isZero();
        return result.getStdout();
    }
}
