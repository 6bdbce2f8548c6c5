package dev.holdfast.cli.doctor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where backups lie, and who can read them there. */
final class RepositoryRules {

    private static final Set<String> REMOTE_STORES = Set.of("s3", "azure", "gcs", "sftp");

    private RepositoryRules() {}

    static List<Finding> check(PgBackRestConf conf, String stanza) {
        List<Finding> findings = new ArrayList<>();
        for (int repository : conf.repositories(stanza)) {
            String prefix = "repo%d-".formatted(repository);
            encryption(conf, stanza, prefix).ifPresent(findings::add);
            endpoint(conf, stanza, prefix).ifPresent(findings::add);
            roleAndKeys(conf, stanza, prefix).ifPresent(findings::add);
            if (conf.isLocalFolder(stanza, repository)) {
                insideTheCluster(conf, stanza, repository).ifPresent(findings::add);
            }
        }
        conf.find(stanza, "archive-push-queue-max")
                .map(setting -> droppedWal(stanza, setting))
                .ifPresent(findings::add);
        return findings;
    }

    private static Optional<Finding> encryption(PgBackRestConf conf, String stanza, String prefix) {
        String type = conf.value(stanza, prefix + "type", "posix");
        if (!REMOTE_STORES.contains(type)
                || !conf.value(stanza, prefix + "cipher-type", "none").equals("none")) {
            return Optional.empty();
        }
        return Optional.of(Finding.warning(
                "encryption",
                stanza,
                "%stype is %s, and %scipher-type is not set".formatted(prefix, type, prefix),
                "whoever can read that store can read the whole database",
                "%1$scipher-type=aes-256-cbc and the passphrase in PGBACKREST_%2$sCIPHER_PASS, kept elsewhere too; it must be there before stanza-create, so it takes a new repository"
                        .formatted(
                                prefix,
                                prefix.toUpperCase(java.util.Locale.ROOT).replace('-', '_'))));
    }

    private static Optional<Finding> endpoint(PgBackRestConf conf, String stanza, String prefix) {
        return conf.find(stanza, prefix + "s3-endpoint")
                .filter(setting ->
                        PgBackRestConf.withoutComment(setting.value()).equals("s3.amazonaws.com"))
                .map(setting -> Finding.warning(
                                "s3",
                                stanza,
                                "%s is the endpoint of no region".formatted(setting.name()),
                                "requests for a bucket of another region are redirected, which pgBackRest does not follow",
                                "%s=s3.%s.amazonaws.com"
                                        .formatted(
                                                setting.name(), conf.value(stanza, prefix + "s3-region", "us-east-1")))
                        .at(setting.place()));
    }

    private static Optional<Finding> roleAndKeys(PgBackRestConf conf, String stanza, String prefix) {
        boolean byRole = conf.value(stanza, prefix + "s3-key-type", "shared").matches("auto|web-id|pod-id");
        return conf.find(stanza, prefix + "s3-key")
                .filter(key -> byRole)
                .map(key -> Finding.warning(
                                "s3",
                                stanza,
                                "%ss3-key-type takes the host's role, and %s is set as well"
                                        .formatted(prefix, key.name()),
                                "the key is not used and lies about for nothing",
                                "remove %s and %s-secret".formatted(key.name(), key.name()))
                        .at(key.place()));
    }

    private static Optional<Finding> insideTheCluster(PgBackRestConf conf, String stanza, int repository) {
        Path path = conf.repositoryPath(stanza, repository).normalize();
        return conf.localCluster(stanza)
                .filter(cluster -> path.startsWith(cluster.normalize()))
                .map(cluster -> Finding.error(
                        "repository",
                        stanza,
                        "repository %d lies inside the cluster, in %s".formatted(repository, path),
                        "it is lost together with the cluster, and every backup copies the ones before it",
                        "repo%d-path=/var/lib/pgbackrest, better on another disk or host".formatted(repository)));
    }

    private static Finding droppedWal(String stanza, Setting setting) {
        return Finding.warning(
                        "archiving",
                        stanza,
                        "%s is set".formatted(setting.name()),
                        "when the queue is longer, pgBackRest drops WAL and tells PostgreSQL that it is archived: a hole that neither info nor verify shows",
                        "remove the line, and watch the free space of pg_wal instead")
                .at(setting.place());
    }
}
