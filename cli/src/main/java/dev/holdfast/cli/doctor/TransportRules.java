package dev.holdfast.cli.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether this host is the one that the configuration takes it for, and can reach the others. */
final class TransportRules {

    private static final String CHECK = "transport";
    private static final String DATABASE_USER = "postgres";
    private static final String METADATA_SERVICE = "169.254.169.254";
    private static final int METADATA_PORT = 80;

    private TransportRules() {}

    static List<Finding> check(PgBackRestConf conf, String stanza) {
        List<Finding> findings = new ArrayList<>();
        for (int cluster : conf.clusters(stanza)) {
            String prefix = "pg%d-".formatted(cluster);
            Optional<Setting> host = conf.find(stanza, prefix + "host");
            if (host.isPresent()) {
                findings.add(reached(conf, stanza, prefix, host.get()));
                clusterIsHere(conf, stanza, prefix, host.get()).ifPresent(findings::add);
                roleForAUser(conf, stanza, prefix).ifPresent(findings::add);
            } else if (conf.value(stanza, prefix + "path").isEmpty()) {
                findings.add(Finding.error(
                        "stanza",
                        stanza,
                        "%spath is not set".formatted(prefix),
                        "pgBackRest does not know which cluster the stanza is",
                        "in [%s]: %spath=/var/lib/postgresql/15/main".formatted(stanza, prefix)));
            }
        }
        for (int repository : conf.repositories(stanza)) {
            String prefix = "repo%d-".formatted(repository);
            conf.find(stanza, prefix + "host").ifPresent(host -> findings.add(reached(conf, stanza, prefix, host)));
            role(conf, stanza, prefix).ifPresent(findings::add);
        }
        return findings;
    }

    private static Finding reached(PgBackRestConf conf, String stanza, String prefix, Setting setting) {
        String host = PgBackRestConf.withoutComment(setting.value());
        boolean tls = conf.value(stanza, prefix + "host-type", "ssh").equals("tls");
        int port = port(conf, stanza, prefix, tls);
        String refusal = TcpProbe.refusal(host, port);
        if (refusal.isEmpty()) {
            return Finding.ok(CHECK, stanza, "%s at %s port %d answers".formatted(tls ? "TLS" : "SSH", host, port))
                    .at(setting.place());
        }
        return Finding.error(
                        CHECK,
                        stanza,
                        "%s=%s: nothing answers at port %d (%s)".formatted(setting.name(), host, port, refusal),
                        "a host is reached by %s only; pgBackRest then says 'unable to find primary cluster' (error 56) and asks whether all are in recovery, which misleads"
                                .formatted(tls ? "its TLS server" : "SSH with keys"),
                        fix(prefix, host, tls))
                .at(setting.place());
    }

    /** Keys of the machine's role come from one address, whatever the cloud's region. */
    private static Optional<Finding> role(PgBackRestConf conf, String stanza, String prefix) {
        if (!conf.value(stanza, prefix + "type", "posix").equals("s3")
                || !conf.value(stanza, prefix + "s3-key-type", "shared").equals("auto")) {
            return Optional.empty();
        }
        String refusal = TcpProbe.refusal(METADATA_SERVICE, METADATA_PORT);
        return Optional.of(
                refusal.isEmpty()
                        ? Finding.ok(CHECK, stanza, "the metadata service, which gives the role's keys, answers")
                        : Finding.error(
                                CHECK,
                                stanza,
                                "%ss3-key-type=auto, and no metadata service answers at %s port %d (%s)"
                                        .formatted(prefix, METADATA_SERVICE, METADATA_PORT, refusal),
                                "the keys come from there: without them nothing is archived, backed up or restored",
                                "run on a machine with a role that may use the bucket (in a container, let it reach that address, hop limit 2), or set %1$ss3-key-type=shared with %1$ss3-key and %1$ss3-key-secret"
                                        .formatted(prefix)));
    }

    private static String fix(String prefix, String host, boolean tls) {
        if (tls) {
            return "start pgbackrest server on %s, with tls-server-auth for this host".formatted(host);
        }
        String here = prefix.startsWith("pg")
                ? "if the cluster is on this host or its files are mounted here, remove the line %shost and set %spath and %ssocket-path; else "
                        .formatted(prefix, prefix, prefix)
                : "";
        return "%sset up SSH keys for the user %s on %s, or %shost-type=tls with pgbackrest server there"
                .formatted(here, DATABASE_USER, host, prefix);
    }

    private static int port(PgBackRestConf conf, String stanza, String prefix, boolean tls) {
        String port = conf.value(stanza, prefix + "host-port", "");
        if (port.matches("[0-9]{1,5}")) {
            return Integer.parseInt(port);
        }
        return tls ? 8432 : 22;
    }

    private static Optional<Finding> clusterIsHere(PgBackRestConf conf, String stanza, String prefix, Setting host) {
        return conf.value(stanza, prefix + "path")
                .map(Path::of)
                .filter(path -> Files.exists(path) && conf.isLocalFolder(stanza, 1))
                .map(path -> Finding.error(
                                CHECK,
                                stanza,
                                "%s is set, but the cluster's folder %s is on this host".formatted(host.name(), path),
                                "with that line pgBackRest takes this host for a repository host: archive-push and restore end with error 72 here",
                                "remove the line %s from this host's file".formatted(host.name()))
                        .at(host.place()));
    }

    private static Optional<Finding> roleForAUser(PgBackRestConf conf, String stanza, String prefix) {
        return conf.find(stanza, prefix + "user")
                .filter(user -> !PgBackRestConf.withoutComment(user.value()).equals(DATABASE_USER))
                .map(user -> Finding.warning(
                                CHECK,
                                stanza,
                                "%s=%s is the database role, not the operating system's user of that host"
                                        .formatted(user.name(), PgBackRestConf.withoutComment(user.value())),
                                "a role that is no superuser needs pg_read_all_settings and may execute pg_backup_start, pg_backup_stop, pg_switch_wal and pg_create_restore_point, or backups end with error 57",
                                "remove the line to use the role %s; %shost-user names the other host's user"
                                        .formatted(DATABASE_USER, prefix))
                        .at(user.place()));
    }
}
