package dev.holdfast.runner.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.runner.backup.Category;
import dev.holdfast.runner.backup.Failure;
import dev.holdfast.runner.backup.StanzaCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StanzaChecksTest {

    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    @TempDir
    private Path folder;

    private final List<String> checked = new ArrayList<>();

    @Test
    void aStanzaIsCheckedOnItsRhythmAlsoByTheNextLife() throws InterruptedException {
        checks(NOW, Duration.ofHours(1)).checkIfDue("demo");
        checks(NOW.plusSeconds(3599), Duration.ofHours(1)).checkIfDue("demo");
        checks(NOW.plusSeconds(3600), Duration.ofHours(1)).checkIfDue("demo");

        assertThat(checked).hasSize(2);
    }

    @Test
    void withoutARhythmAStanzaIsCheckedOnlyWhenAsked() throws InterruptedException {
        checks(NOW, Duration.ZERO).checkIfDue("demo");

        assertThat(checked).isEmpty();
    }

    @Test
    void whatWasFoundLastIsRememberedWhole() throws InterruptedException {
        StanzaCheck found = StanzaCheck.failed(
                NOW,
                new Failure(
                        OptionalInt.of(82),
                        Optional.of("archive-timeout"),
                        Category.RETRYABLE,
                        "WAL segment 0001 was not archived\nbefore the 60000ms timeout",
                        "",
                        "See PostgreSQL's log."));
        StanzaChecks checks = new StanzaChecks(
                (stanza, beat) -> Optional.of(found), folder, Duration.ZERO, Clock.fixed(NOW, ZoneOffset.UTC));

        checks.check("demo", () -> {});

        assertThat(checks(NOW, Duration.ZERO).last("demo")).contains(found);
    }

    @Test
    void aNoteThatCannotBeReadCountsAsAbsent() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("demo"), "outcome=WHO KNOWS");

        assertThat(checks(NOW, Duration.ZERO).last("demo")).isEmpty();
        checks(NOW, Duration.ofHours(1)).checkIfDue("demo");

        assertThat(checked).hasSize(1);
    }

    private StanzaChecks checks(Instant now, Duration every) {
        return new StanzaChecks(
                (stanza, beat) -> {
                    checked.add(stanza);
                    return Optional.of(StanzaCheck.passed(now));
                },
                folder,
                every,
                Clock.fixed(now, ZoneOffset.UTC));
    }
}
