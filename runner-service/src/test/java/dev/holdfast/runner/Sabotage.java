package dev.holdfast.runner;

import dev.holdfast.testsupport.Command;
import dev.holdfast.testsupport.DatabaseUser;
import dev.holdfast.testsupport.PgBackRestRepository;
import dev.holdfast.testsupport.PostgresCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;

/** What goes wrong around a stanza: its configuration, its archiving, its repository, its locks. Most of it lasts until {@link #mend}. */
final class Sabotage {

    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final PostgresCluster cluster;
    private final PgBackRestRepository repository;
    private final String configuration;
    private final String archiveCommand;

    /** Remembers how things are while they are right. */
    Sabotage(PostgresCluster cluster, PgBackRestRepository repository) {
        this.cluster = cluster;
        this.repository = repository;
        this.configuration = read(repository.configuration());
        this.archiveCommand = cluster.sql("show archive_command").getFirst();
    }

    /** Mends the configuration file, a repository that was moved away, a stop file, archiving, and a cluster that was stopped. */
    void mend() {
        write(repository.configuration(), configuration);
        bringRepositoryBack();
        Command.output(List.of("chmod", "0750", backupFolder().toString()));
        repository.run("start");
        if (!cluster.isRunning()) {
            cluster.start();
        }
        archiveWith(archiveCommand);
    }

    /** Changes options of pgBackRest's configuration. */
    void configure(Map<String, String> options) {
        repository.configurationWith(repository.configuration().getFileName().toString(), options);
    }

    /** Lets pgBackRest wait so long for archiving. */
    void waitForArchivingNoLongerThanSeconds(int seconds) {
        write(
                repository.configuration(),
                read(repository.configuration()).replace("archive-timeout=60", "archive-timeout=" + seconds));
    }

    /** Lets the cluster's archiving fail, and pgBackRest wait for it for no longer than two seconds. */
    void breakArchiving() {
        // pgBackRest refuses a command that does not name it
        archiveWith("false pgbackrest");
        waitForArchivingNoLongerThanSeconds(2);
    }

    private void archiveWith(String command) {
        cluster.sql("alter system set archive_command = '%s'".formatted(command));
        cluster.sql("select pg_reload_conf()");
        Awaitility.await("archive_command in force")
                .atMost(PATIENCE)
                .until(() -> cluster.sql("show archive_command").contains(command));
    }

    /** Breaks a page of a table and gives the file's name as pgBackRest names it. The table stays. */
    String damageAPage() {
        cluster.sql("drop table if exists t; create table t as select generate_series(1, 5000) as n; checkpoint");
        String file = cluster.sql("select pg_relation_filepath('t')").getFirst();
        cluster.stop();
        repository.flipByteIn(cluster.dataDirectory().resolve(file));
        cluster.start();
        return file;
    }

    /** Makes nonsense of a file in the stanza's folder of backups. */
    void spoil(String name) {
        repository.flipByteIn(backupFolder().resolve(name));
    }

    /** Takes a backup's files away, as nobody should. */
    void removeBackupFolder(String label) {
        Command.output(List.of("rm", "-r", backupFolder().resolve(label).toString()));
    }

    /** Lets nobody make a backup in the repository. */
    void makeBackupFolderReadOnly() {
        Command.output(List.of("chmod", "0550", backupFolder().toString()));
    }

    /** Gives the stanza's folder of backups to a user who is not the cluster's, until {@link #giveRepositoryBack}. */
    void giveRepositoryAway() {
        SmallDisk.root("chown", "-R", "nobody", backupFolder().toString());
    }

    /** Takes it back. */
    void giveRepositoryBack() {
        SmallDisk.root(
                "chown", "-R", repository.repositoryOwner(), backupFolder().toString());
    }

    /** Takes the whole repository away. */
    void moveRepositoryAway() {
        Command.output(
                List.of("mv", repository.path().toString(), movedRepository().toString()));
    }

    private void bringRepositoryBack() {
        if (Files.exists(movedRepository())) {
            Command.output(List.of("rm", "-rf", repository.path().toString()));
            Command.output(List.of(
                    "mv", movedRepository().toString(), repository.path().toString()));
        }
    }

    private Path movedRepository() {
        return repository.path().resolveSibling("moved");
    }

    /** Leaves what a backup leaves that was made, and expired, while a clock ran ahead; until {@link #forgetBackupOfTheFuture}. */
    void rememberBackupOfTheFuture(String label) {
        Path year = historyOf(label);
        Command.output(DatabaseUser.as(List.of("mkdir", "-p", year.toString())));
        Command.output(DatabaseUser.as(
                List.of("touch", year.resolve(label + ".manifest.gz").toString())));
    }

    /** Takes that away. */
    void forgetBackupOfTheFuture(String label) {
        Command.output(List.of("rm", "-r", historyOf(label).toString()));
    }

    private Path historyOf(String label) {
        return backupFolder().resolve("backup.history").resolve(label.substring(0, 4));
    }

    /** Begins a backup as an operator would, which takes a while, and returns once it holds the lock; the future has its label. */
    Future<String> backupByHand() {
        Set<String> before = Set.copyOf(repository.labels());
        CompletableFuture<String> label = CompletableFuture.supplyAsync(
                () -> {
                    repository.run("--type=full", "--compress-type=bz2", "--compress-level=9", "backup");
                    return repository.labels().stream()
                            .filter(made -> !before.contains(made))
                            .findFirst()
                            .orElseThrow();
                },
                work -> Thread.ofPlatform().start(work));
        Awaitility.await("the backup by hand holds the lock")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> label.isDone() || repository.info().contains("\"backup\":{\"held\":true"));
        return label;
    }

    /** Leaves the lock file of a pgBackRest that was killed; nobody holds the lock. */
    void leaveLockFileOfADeadProcess() {
        Command.output(DatabaseUser.as(List.of(
                "sh", "-c", "echo '{\"execId\":\"4194301-00000000\",\"pid\":4194301}' >'%s'".formatted(backupLock()))));
    }

    /** Holds the lock that a backup takes, as a second pgBackRest on this host would. */
    HeldLock holdLock() {
        return HeldLock.on(backupLock());
    }

    private Path backupLock() {
        return repository.lockPath().resolve(repository.stanza() + "-backup.lock");
    }

    private Path backupFolder() {
        return repository.path().resolve("backup").resolve(repository.stanza());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
