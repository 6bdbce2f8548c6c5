package dev.holdfast.scheduler.stanza;

import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.BackupType;
import dev.holdfast.events.RequestKind;
import dev.holdfast.events.RestoreTestRequested;
import dev.holdfast.events.SlotConcluded;
import dev.holdfast.events.SlotKind;
import dev.holdfast.events.SlotOutcome;
import dev.holdfast.scheduler.slot.Plan;
import java.util.Locale;

/** Turns a slot into a request, and concludes it with that. */
final class SlotRequester {

    private final Facts facts;
    private final Admissions admissions;

    SlotRequester(Facts facts, Admissions admissions) {
        this.facts = facts;
        this.admissions = admissions;
    }

    static RequestKind kindOf(Plan plan) {
        return plan.kind() == SlotKind.BACKUP ? RequestKind.BACKUP : RequestKind.RESTORE_TEST;
    }

    void request(Ledger ledger, Plan plan, Facts.Slot slot, SlotOutcome outcome, String reason, Moment moment) {
        switch (plan) {
            case Plan.Backup backup -> requestBackup(ledger, backup, slot, outcome, reason, moment);
            case Plan.Test test -> requestTest(ledger, test, slot, outcome, reason, moment);
        }
    }

    private void requestBackup(
            Ledger ledger, Plan.Backup plan, Facts.Slot slot, SlotOutcome outcome, String reason, Moment moment) {
        BackupType wanted = plan.schedule().getType();
        boolean lacksFull = wanted != BackupType.FULL
                && !Inventory.hasFull(ledger, plan.schedule().getRepository());
        BackupType type = lacksFull ? BackupType.FULL : wanted;
        BackupRequested request = facts.backup(plan, slot, type, moment.now());
        var why = lacksFull ? join(reason, becameFull(wanted, slot)) : reason;
        SlotConcluded requested = facts.requested(plan, slot, outcome, why, request.getRequestId(), type, moment.now());
        admissions.ask(ledger, request, requested, moment.now(), moment);
    }

    private void requestTest(
            Ledger ledger, Plan.Test plan, Facts.Slot slot, SlotOutcome outcome, String reason, Moment moment) {
        RestoreTestRequested request = facts.test(plan, slot, moment.now());
        SlotConcluded requested =
                facts.requested(plan, slot, outcome, reason, request.getRequestId(), null, moment.now());
        ledger.askedTests.put(request.getTestId(), moment.now());
        admissions.ask(ledger, request, requested, moment.now(), moment);
    }

    private static String becameFull(BackupType wanted, Facts.Slot slot) {
        return "%s became full: no usable full backup of %s is known"
                .formatted(wanted.name().toLowerCase(Locale.ROOT), slot.policy().getStanza());
    }

    private static String join(String one, String other) {
        return one.isEmpty() ? other : one + "; " + other;
    }
}
