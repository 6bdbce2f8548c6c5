package dev.holdfast.runner.pgbackrest;

import dev.holdfast.runner.backup.Failure;
import dev.holdfast.runner.backup.StanzaCheck;
import dev.holdfast.runner.backup.StanzaChecker;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** {@code pgbackrest check}. A stopped stanza is not checked: it would wait for an archiving that somebody has stopped. */
final class CheckCommand implements StanzaChecker {

    private final Pgbackrest tool;
    private final ToolFacts facts;
    private final Clock clock;

    CheckCommand(Pgbackrest tool, ToolFacts facts, Clock clock) {
        this.tool = tool;
        this.facts = facts;
        this.clock = clock;
    }

    @Override
    public Optional<StanzaCheck> check(String stanza, Runnable beat) throws InterruptedException {
        if (facts.trouble().isPresent() || facts.pausedBy(stanza).isPresent()) {
            return Optional.empty();
        }
        try {
            return Optional.of(found(stanza, tool.check(stanza, beat)));
        } catch (ToolTrouble e) {
            return Optional.of(StanzaCheck.notRun(
                    now(),
                    facts.redaction().applied(String.valueOf(e.getMessage())),
                    "Run it by hand, as the user who owns the cluster: pgbackrest --stanza=%s check"
                            .formatted(stanza)));
        }
    }

    private StanzaCheck found(String stanza, Pgbackrest.Ended ended) {
        if (ended.exit() == 0) {
            return StanzaCheck.passed(now());
        }
        Failure failure = FailureReader.failure(ended.exit(), ended.output(), facts.redaction());
        return StanzaCheck.failed(now(), facts.disks().applied(stanza, failure));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
