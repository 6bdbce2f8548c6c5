package dev.holdfast.cli.doctor;

import dev.holdfast.cli.json.Doc;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Folders that pgBackRest writes, and the room that is left on their disks. */
final class FolderExamination {

    private static final String PERMISSIONS = "permissions";
    private static final String SPACE = "space";
    private static final String PLACE = "repository";
    private static final int PERCENT = 100;
    private static final int LITTLE_PERCENT = 10;
    private static final long GIB = 1024L * 1024 * 1024;

    private final PgBackRestConf conf;
    private final String stanza;
    private final OsUser user;

    FolderExamination(PgBackRestConf conf, String stanza, OsUser user) {
        this.conf = conf;
        this.stanza = stanza;
        this.user = user;
    }

    /**
     * Examines them.
     *
     * @param info what pgBackRest says of the stanza; empty if it said nothing
     */
    List<Finding> examine(Optional<Doc> info) {
        List<Finding> findings = new ArrayList<>();
        for (int repository : conf.repositories(stanza)) {
            if (conf.isLocalFolder(stanza, repository)) {
                Path path = conf.repositoryPath(stanza, repository);
                findings.add(writable("repo%d-path".formatted(repository), path));
                findings.addAll(room(path, info));
            }
        }
        findings.add(writable("log-path", folder("log-path", "/var/log/pgbackrest")));
        findings.add(writable("lock-path", folder("lock-path", "/tmp/pgbackrest")));
        if (conf.isOn(stanza, "archive-async")) {
            findings.add(writable("spool-path", folder("spool-path", "/var/spool/pgbackrest")));
        }
        findings.addAll(stopFiles());
        return findings;
    }

    private Path folder(String option, String byDefault) {
        return Path.of(conf.value(stanza, option, byDefault));
    }

    /** pgBackRest makes a missing folder itself, if it may. */
    private Finding writable(String option, Path path) {
        Path nearest = path;
        while (nearest.getParent() != null && !user.may("-e", nearest)) {
            nearest = nearest.getParent();
        }
        if (user.may("-w", nearest)) {
            return Finding.ok(PERMISSIONS, stanza, "%s %s can be written by %s".formatted(option, path, user.name()));
        }
        boolean there = nearest.equals(path);
        return Finding.error(
                PERMISSIONS,
                stanza,
                "%s %s %s".formatted(option, path, there ? "cannot be written by " + user.name() : "does not exist"),
                "pgBackRest ends with error 41, 47 or 53; if it happens in archive_command, WAL piles up in pg_wal",
                there
                        ? "chown -R %1$s: %2$s && chmod 0750 %2$s".formatted(user.name(), path)
                        : "install -d -o %s -m 0750 %s".formatted(user.name(), path));
    }

    private List<Finding> room(Path path, Optional<Doc> info) {
        List<Finding> findings = new ArrayList<>();
        try {
            FileStore disk = Files.getFileStore(path);
            findings.add(space(path, disk, info));
            Optional<Path> cluster = conf.localCluster(stanza).filter(Files::exists);
            if (cluster.isPresent() && Files.getFileStore(cluster.get()).equals(disk)) {
                findings.add(Finding.warning(
                        PLACE,
                        stanza,
                        "the repository %s is on the same disk as the cluster %s".formatted(path, cluster.get()),
                        "one broken disk takes the database and every backup of it",
                        "put repo1-path on another disk or host, or add a second repository (repo2-*) elsewhere"));
            }
        } catch (IOException e) {
            findings.add(Finding.notRun(
                    SPACE,
                    stanza,
                    "the disk of %s cannot be looked at: %s".formatted(path, e.getMessage()),
                    "run it as root or as %s, once the folder exists".formatted(user.name())));
        }
        return findings;
    }

    private Finding space(Path path, FileStore disk, Optional<Doc> info) throws IOException {
        long free = disk.getUsableSpace();
        long percent = free * PERCENT / Math.max(1, disk.getTotalSpace());
        long needed = info.map(FolderExamination::lastFull).orElse(0L);
        String found = "%.1f GiB (%d %%) free for %s".formatted((double) free / GIB, percent, path);
        if (free < needed) {
            return Finding.error(
                    SPACE,
                    stanza,
                    found,
                    "the last full backup took %.1f GiB: the next one ends with error 64"
                            .formatted((double) needed / GIB),
                    "let older backups go (repo1-retention-full), or make the disk larger");
        }
        return percent < LITTLE_PERCENT
                ? Finding.warning(
                        SPACE,
                        stanza,
                        found,
                        "when the disk is full, backups fail and WAL piles up in pg_wal until the database stops",
                        "let older backups go (repo1-retention-full), or make the disk larger")
                : Finding.ok(SPACE, stanza, found);
    }

    private static long lastFull(Doc info) {
        return info.docs("backup").stream()
                .filter(backup -> backup.cell("type").equals("full"))
                .max(Comparator.comparing(backup -> backup.cell("label")))
                .flatMap(backup -> backup.number("info.repository.delta"))
                .map(Number::longValue)
                .orElse(0L);
    }

    private List<Finding> stopFiles() {
        Path locks = folder("lock-path", "/tmp/pgbackrest");
        List<Finding> findings = new ArrayList<>();
        for (String name : List.of("all", stanza)) {
            Path file = locks.resolve(name + ".stop");
            if (user.may("-e", file)) {
                findings.add(Finding.error(
                        "stop file",
                        stanza,
                        "%s exists: somebody ran pgbackrest stop".formatted(file),
                        "backup and archive-push are refused with error 62; WAL piles up in pg_wal",
                        "pgbackrest %s%sstart"
                                .formatted(conf.option(), name.equals("all") ? "" : "--stanza=" + stanza + " ")));
            }
        }
        return findings;
    }
}
