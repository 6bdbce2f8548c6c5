package dev.holdfast.validator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.validator.proof.Lsn;
import dev.holdfast.validator.proof.ProofReport;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.Target;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One fault in a real repository at a time, and what a test says of it. */
class FaultMatrixIT {

    private static final Grounds GROUNDS = Grounds.shared();
    private static final String FULL = GROUNDS.full();
    private static final Target END = new Target.BackupEnd();
    private static final Target LATEST = new Target.Latest();

    private final Prover prover = new Prover();

    /**
     * A row.
     *
     * @param name what is wrong, in words
     * @param damage makes it so
     * @param label the backup that is tested
     * @param target the point asked for
     * @param reason what the test must end with
     * @param told what its message must name
     */
    record Fault(
            String name, Consumer<RepositoryCopy> damage, String label, Target target, Reason reason, String told) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Fault> ofTheBackup() {
        return Stream.of(
                new Fault(
                        "a flipped byte in a data file",
                        copy -> copy.flip(copy.largestFile(FULL)),
                        FULL,
                        END,
                        Reason.BACKUP_DAMAGED,
                        "invalid checksum '" + FULL + "/pg_data/"),
                new Fault(
                        "a flipped byte in a file of many files",
                        copy -> copy.flip(
                                copy.largestUnder(copy.backup(GROUNDS.bundled()).resolve("bundle"))),
                        GROUNDS.bundled(),
                        END,
                        Reason.BACKUP_DAMAGED,
                        GROUNDS.bundled()),
                new Fault(
                        "a file of many files cut short",
                        copy -> copy.truncate(
                                copy.largestUnder(copy.backup(GROUNDS.bundled()).resolve("bundle"))),
                        GROUNDS.bundled(),
                        END,
                        Reason.BACKUP_DAMAGED,
                        GROUNDS.bundled()),
                new Fault(
                        "a flipped byte in a file of a tablespace",
                        copy -> copy.flip(copy.largestUnder(copy.backup(FULL).resolve("pg_tblspc"))),
                        FULL,
                        END,
                        Reason.BACKUP_DAMAGED,
                        FULL + "/pg_tblspc/"),
                new Fault(
                        "the manifest of another backup in its place",
                        copy -> copy.manifests(FULL)
                                .forEach(file -> copy.replace(
                                        file, copy.manifests(GROUNDS.bundled()).getFirst())),
                        FULL,
                        END,
                        Reason.BACKUP_DAMAGED,
                        FULL),
                new Fault(
                        "a flipped byte in the manifest and in its copy",
                        copy -> copy.manifests(FULL).forEach(copy::flip),
                        FULL,
                        END,
                        Reason.BACKUP_DAMAGED,
                        "backup.manifest"),
                new Fault(
                        "a flipped byte in the manifest alone, which has a copy",
                        copy -> copy.flip(copy.manifests(FULL).getFirst()),
                        FULL,
                        END,
                        Reason.OK,
                        FULL),
                new Fault(
                        "a data file cut short",
                        copy -> copy.truncate(copy.largestFile(FULL)),
                        FULL,
                        END,
                        Reason.BACKUP_DAMAGED,
                        FULL),
                new Fault(
                        "a data file that is gone",
                        copy -> copy.delete(copy.largestFile(FULL)),
                        FULL,
                        END,
                        Reason.BACKUP_DAMAGED,
                        "missing file"),
                new Fault(
                        "a data file with the content of another",
                        copy -> copy.replace(
                                copy.largestFile(FULL),
                                copy.largestUnder(copy.backup(FULL).resolve("pg_data/global"))),
                        FULL,
                        END,
                        Reason.BACKUP_DAMAGED,
                        "invalid checksum '" + FULL + "/pg_data/"),
                new Fault(
                        "a backup's folder that is gone while it is still listed",
                        copy -> copy.delete(copy.backup(FULL)),
                        FULL,
                        END,
                        Reason.BACKUP_DAMAGED,
                        FULL),
                new Fault(
                        "an incremental backup whose full backup is damaged",
                        copy -> copy.flip(copy.largestUnder(copy.backup(FULL).resolve("pg_data/base/1"))),
                        GROUNDS.incr(),
                        END,
                        Reason.BACKUP_DAMAGED,
                        FULL + "/pg_data/base/1/"),
                new Fault(
                        "a flipped byte in the list of backups and in its copy",
                        copy -> copy.records("backup").forEach(copy::flip),
                        FULL,
                        END,
                        Reason.REPOSITORY_DAMAGED,
                        "backup.info"),
                new Fault(
                        "a backup that the list has lost while its manifest lies there",
                        copy -> copy.records("backup").forEach(file -> copy.strike(file, FULL)),
                        FULL,
                        END,
                        Reason.REPOSITORY_DAMAGED,
                        "has lost backup " + FULL),
                new Fault(
                        "the list of backups and its copy gone, while another repository has them",
                        copy -> {
                            copy.twin();
                            copy.records("backup").forEach(copy::delete);
                        },
                        FULL,
                        END,
                        Reason.REPOSITORY_DAMAGED,
                        "the configuration names repository 2 too"));
    }

    static Stream<Fault> ofTheArchive() {
        List<String> after = GROUNDS.after();
        String inside = GROUNDS.walStop(FULL);
        return Stream.of(
                new Fault(
                        "a segment missing inside the backup, for its end",
                        copy -> copy.delete(copy.segment(inside)),
                        FULL,
                        END,
                        Reason.WAL_GAP,
                        inside),
                new Fault(
                        "a segment missing behind the backup, for its end",
                        copy -> copy.delete(copy.segment(after.get(1))),
                        FULL,
                        END,
                        Reason.OK,
                        FULL),
                new Fault(
                        "a segment missing before the backup, for the latest",
                        copy -> copy.delete(
                                copy.segment(GROUNDS.repository().walSegments().getFirst())),
                        FULL,
                        LATEST,
                        Reason.OK,
                        FULL),
                new Fault(
                        "a segment missing behind the backup, for the latest: PostgreSQL promotes there",
                        copy -> copy.delete(copy.segment(after.get(1))),
                        FULL,
                        LATEST,
                        Reason.WAL_GAP,
                        after.get(1)),
                new Fault(
                        "a segment missing before the instant asked for",
                        copy -> copy.delete(copy.segment(after.getFirst())),
                        FULL,
                        new Target.Time(Instant.parse(GROUNDS.middle())),
                        Reason.WAL_GAP,
                        after.getFirst()),
                new Fault(
                        "a segment missing before the restore point asked for",
                        copy -> copy.delete(copy.segment(after.get(1))),
                        FULL,
                        new Target.Name(Grounds.POINT),
                        Reason.WAL_GAP,
                        after.get(1)),
                new Fault(
                        "a segment missing that holds the position asked for",
                        copy -> copy.delete(copy.segment(after.get(1))),
                        FULL,
                        new Target.AtLsn(inSegment(after.get(1))),
                        Reason.WAL_GAP,
                        after.get(1)),
                new Fault(
                        "a flipped byte in a segment inside the backup",
                        copy -> copy.flip(copy.segment(inside)),
                        FULL,
                        END,
                        Reason.WAL_DAMAGED,
                        inside),
                new Fault(
                        "a flipped byte in a segment behind the backup, for the latest",
                        copy -> copy.flip(copy.segment(after.get(1))),
                        FULL,
                        LATEST,
                        Reason.WAL_DAMAGED,
                        after.get(1)),
                new Fault(
                        "a segment cut short behind the backup, for the latest",
                        copy -> copy.truncate(copy.segment(after.get(1))),
                        FULL,
                        LATEST,
                        Reason.WAL_DAMAGED,
                        after.get(1)),
                new Fault(
                        "a segment inside the backup with the content of another",
                        copy -> copy.replace(copy.segment(inside), copy.segment(after.getFirst())),
                        FULL,
                        END,
                        Reason.WAL_DAMAGED,
                        inside),
                new Fault(
                        "a segment behind the backup with the content of another, for the latest",
                        copy -> copy.replace(copy.segment(after.get(1)), copy.segment(after.getFirst())),
                        FULL,
                        LATEST,
                        Reason.WAL_DAMAGED,
                        after.get(1)),
                new Fault(
                        "a segment that was half as long before it was compressed, for the latest",
                        copy -> copy.recompress(copy.segment(after.get(1)), "head -c 8388608"),
                        FULL,
                        LATEST,
                        Reason.WAL_DAMAGED,
                        after.get(1)),
                new Fault(
                        "a byte changed in a segment before it was compressed, for the latest",
                        copy -> copy.recompress(copy.segment(after.get(1)), "tr '\\061' '\\062'"),
                        FULL,
                        LATEST,
                        Reason.WAL_DAMAGED,
                        after.get(1)),
                new Fault(
                        "a byte changed behind the last record of a segment, before it was compressed, for the latest",
                        copy -> copy.recompress(copy.segment(after.get(1)), "perl -0777 -pe 'substr($_,-9,1)=q(x)'"),
                        FULL,
                        LATEST,
                        Reason.WAL_DAMAGED,
                        after.get(1) + " of archive 15-1 has SHA-1"),
                new Fault(
                        "a segment missing here that another repository has, for the latest",
                        copy -> {
                            copy.twin();
                            copy.delete(copy.segment(after.get(1)));
                        },
                        FULL,
                        LATEST,
                        Reason.WAL_GAP,
                        after.get(1)),
                new Fault(
                        "a segment damaged here that another repository has whole, for the latest",
                        copy -> {
                            copy.twin();
                            copy.truncate(copy.segment(after.get(1)));
                        },
                        FULL,
                        LATEST,
                        Reason.WAL_DAMAGED,
                        after.get(1)),
                new Fault(
                        "a flipped byte in the record of the archive and in its copy",
                        copy -> copy.records("archive").forEach(copy::flip),
                        FULL,
                        END,
                        Reason.REPOSITORY_DAMAGED,
                        "archive.info"),
                new Fault(
                        "a record of the archive that leads to another one",
                        copy -> copy.records("archive").forEach(file -> {
                            copy.rewrite(file, "db-id=1", "db-id=2");
                            copy.rewrite(file, "\n1={", "\n2={");
                        }),
                        FULL,
                        END,
                        Reason.REPOSITORY_DAMAGED,
                        "archive.info"),
                new Fault(
                        "the segments that two backups need gone: neither is named as the other's way out",
                        copy -> {
                            copy.delete(copy.segment(inside));
                            copy.delete(copy.segment(GROUNDS.walStop(GROUNDS.incr())));
                        },
                        FULL,
                        END,
                        Reason.WAL_GAP,
                        "not restorable either: " + GROUNDS.incr()),
                new Fault(
                        "the record of the archive and its copy gone",
                        copy -> copy.records("archive").forEach(copy::delete),
                        FULL,
                        END,
                        Reason.REPOSITORY_DAMAGED,
                        "archive.info"),
                new Fault(
                        "two different segments of one name, for the latest",
                        copy -> copy.duplicate(copy.segment(after.get(1))),
                        FULL,
                        LATEST,
                        Reason.WAL_DAMAGED,
                        after.get(1)));
    }

    static Stream<Fault> ofTheSetUp() {
        String system = GROUNDS.cluster().systemIdentifier();
        return Stream.of(
                new Fault(
                        "an archive of another cluster",
                        copy -> copy.records("archive").forEach(file -> copy.rewrite(file, system, "4711")),
                        FULL,
                        LATEST,
                        Reason.CONFIGURATION,
                        "[ArchiveMismatchError]"),
                new Fault(
                        "records of another cluster, and the backup of this one",
                        copy -> Stream.of("backup", "archive")
                                .flatMap(kind -> copy.records(kind).stream())
                                .forEach(file -> copy.rewrite(file, system, "4711")),
                        FULL,
                        END,
                        Reason.CONFIGURATION,
                        "backups of two clusters share this stanza"),
                new Fault(
                        "a backup of a PostgreSQL that there is no image for",
                        copy -> Stream.of("backup", "archive")
                                .flatMap(kind -> copy.records(kind).stream())
                                .forEach(file -> copy.rewrite(file, "\"db-version\":\"15\"", "\"db-version\":\"14\"")),
                        FULL,
                        END,
                        Reason.IMAGE,
                        "deploy/images/build-sandbox 14 --image holdfast/sandbox:14"),
                new Fault(
                        "an option that pgBackRest refuses",
                        copy -> copy.configure("process-max=none"),
                        FULL,
                        END,
                        Reason.CONFIGURATION,
                        "process-max"),
                new Fault(
                        "an option that pgBackRest refuses only while PostgreSQL recovers",
                        copy -> copy.configure("[global:archive-get]\nprocess-max=none"),
                        FULL,
                        END,
                        Reason.CONFIGURATION,
                        "process-max"),
                new Fault(
                        "a repository that its owner may not read",
                        copy -> copy.forbid(copy.repository().resolve("backup")),
                        FULL,
                        END,
                        Reason.CONFIGURATION,
                        "Permission denied"),
                new Fault(
                        "a data file that its owner may not read",
                        copy -> copy.forbid(copy.largestFile(FULL)),
                        FULL,
                        END,
                        Reason.CONFIGURATION,
                        "Permission denied"),
                new Fault(
                        "an archive that its owner may not read",
                        copy -> copy.forbid(copy.segment(inside())),
                        FULL,
                        END,
                        Reason.CONFIGURATION,
                        "Permission denied"));
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(prover.left()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"ofTheBackup", "ofTheArchive", "ofTheSetUp"})
    void isJudgedForWhatItIs(Fault fault) {
        try (RepositoryCopy copy = GROUNDS.copy()) {
            fault.damage().accept(copy);

            ProofReport report = prover.prove(copy.configuration(), fault.target(), fault.label());

            assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(fault.reason());
            assertThat(report.conclusion().message()).contains(fault.told());
        }
    }

    private static String inside() {
        return GROUNDS.walStop(FULL);
    }

    private static Lsn inSegment(String name) {
        return Lsn.parse("%s/%X000100"
                .formatted(
                        Long.toHexString(Long.parseLong(name.substring(8, 16), 16)),
                        Long.parseLong(name.substring(16), 16)));
    }
}
