package dev.holdfast.validator.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a failure says besides: since when, and what can be restored instead. */
class AftermathTest extends ProofInFakeWorld {

    @Test
    void aBackupThatTheListHasLostWhileItsManifestLiesThereDidNotExpire() {
        world.remembered.add("20261123-000000F");
        world.unlisted = true;

        Conclusion conclusion =
                prove(new Target.BackupEnd(), "20261123-000000F").conclusion();

        assertThat(conclusion.reason()).isEqualTo(Reason.REPOSITORY_DAMAGED);
        assertThat(conclusion.message())
                .contains(
                        "20261123-000000F",
                        "backup.info",
                        "expire",
                        "No test of this stanza that passed is remembered",
                        "backups that are still listed: " + FakeTools.LABEL + " (not tested)",
                        "names no other repository");
    }

    @Test
    void aRepositoryThatNothingCanBeChosenFromSaysSinceWhenAndWhereElseToLook() {
        world.unreadable = Optional.of(new ProofStopped(Reason.REPOSITORY_DAMAGED, "backup.info is lost."));
        world.others.addAll(List.of(2, 3));
        earlier.passed.put("20261120-160000F", Instant.parse("2026-11-20T17:00:00Z"));
        earlier.passed.put(FakeTools.LABEL, Instant.parse("2026-11-22T17:00:00Z"));

        String newest = prove(new Target.BackupEnd()).conclusion().message();
        String named =
                prove(new Target.BackupEnd(), "20261120-160000F").conclusion().message();

        assertThat(newest)
                .isEqualTo(
                        "backup.info is lost. The last test of this stanza that passed was that of backup %s, at 2026-11-22T17:00:00Z; no backup of this repository can be chosen for a restore until that is mended; the configuration names repository 2, 3 too: see what it holds with 'holdfast prove shop --repository 2'"
                                .formatted(FakeTools.LABEL));
        assertThat(named).contains("This backup last passed a test at 2026-11-20T17:00:00Z");
    }

    @Test
    void aFailureSaysSinceWhenAndWhatCanBeRestoredInstead() {
        world.backups = List.of(FakeTools.backup("20261121-160000F"), FakeTools.backup(FakeTools.LABEL));
        world.backupsLater = world.backups;
        world.restored = new BackupEngine.Restored.GaveUp(Reason.BACKUP_DAMAGED, "[029] checksum");
        earlier.passed.put("20261121-160000F", Instant.parse("2026-11-21T17:00:00Z"));

        assertThat(prove(new Target.BackupEnd()).conclusion().message())
                .contains(
                        "No test that this backup passed is remembered",
                        "need no part of it: 20261121-160000F (passed at 2026-11-21T17:00:00Z)");

        earlier.passed.put(FakeTools.LABEL, Instant.parse("2026-11-22T17:00:00Z"));
        world.backups = List.of(FakeTools.backup(FakeTools.LABEL));
        world.backupsLater = world.backups;

        assertThat(prove(new Target.BackupEnd()).conclusion().message())
                .contains(
                        "[029] checksum. This backup last passed a test at 2026-11-22T17:00:00Z",
                        "no other backup is listed in this repository");
    }

    @Test
    void aBackupWhoseOwnWalIsGoneAsWellIsNotNamedAsOneThatCanBeRestoredInstead() {
        Backup other = FakeTools.backup("20261121-160000F", 1, 2);
        Backup whole = FakeTools.backup("20261123-160000F", 1, 5);
        world.backups = List.of(other, FakeTools.backup(FakeTools.LABEL), whole);
        world.backupsLater = world.backups;
        world.archive = FakeTools.listing(4, 5);
        world.archiveLater = world.archive;

        Conclusion conclusion = prove(new Target.BackupEnd(), FakeTools.LABEL).conclusion();

        assertThat(conclusion.reason()).isEqualTo(Reason.WAL_GAP);
        assertThat(conclusion.message())
                .contains(
                        "can be restored to their own end: 20261123-160000F (not tested)",
                        "not restorable either: 20261121-160000F (WAL segment 000000010000000000000002 is missing)");
    }

    @Test
    void aDamagedSegmentSpoilsEveryBackupThatNeedsIt() {
        world.backups = List.of(FakeTools.backup("20261121-160000F"), FakeTools.backup(FakeTools.LABEL));
        world.backupsLater = world.backups;
        world.ready = false;
        world.log = FakeTools.log("ERROR: [042]: unable to get 000000010000000000000003: ", "FATAL:  no checkpoint");

        Conclusion conclusion = prove(new Target.BackupEnd()).conclusion();

        assertThat(conclusion.reason()).isEqualTo(Reason.WAL_DAMAGED);
        assertThat(conclusion.message())
                .contains(
                        "no other backup can be restored instead: 20261121-160000F (WAL segment 000000010000000000000003 is damaged)");
    }

    @Test
    void theFullBackupOfADamagedIncrementIsNamedAsOneThatCanBeRestored() {
        Backup full = FakeTools.backup("20261121-160000F");
        String label = "20261121-160000F_20261122-160000I";
        Backup incr = FakeTools.incr(label, full.label());
        world.backups = List.of(full, incr);
        world.backupsLater = world.backups;
        world.restored = new BackupEngine.Restored.GaveUp(
                Reason.BACKUP_DAMAGED,
                "[029] checksum; damaged: invalid checksum '%s/pg_data/base/1'".formatted(label));

        assertThat(prove(new Target.BackupEnd(), label).conclusion().message())
                .contains("need no part of it: 20261121-160000F (not tested)");
    }
}
