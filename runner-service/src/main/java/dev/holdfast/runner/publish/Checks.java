package dev.holdfast.runner.publish;

import dev.holdfast.events.StanzaCheck;
import dev.holdfast.events.StanzaCheckOutcome;

/** The contract's words for a check of a stanza. */
final class Checks {

    private Checks() {}

    static StanzaCheck eventOf(dev.holdfast.runner.backup.StanzaCheck check) {
        return StanzaCheck.newBuilder()
                .setOutcome(StanzaCheckOutcome.valueOf(check.outcome().name()))
                .setCheckedAt(check.at())
                .setExitCode(check.exitCode().isPresent() ? check.exitCode().getAsInt() : null)
                .setErrorName(check.errorName().orElse(null))
                .setMessage(BackupFacts.bounded(check.message()))
                .setHint(check.hint())
                .build();
    }
}
