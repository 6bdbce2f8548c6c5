package dev.holdfast.cli.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Whether the other side of each connection is checked, and whether this side can show who it is. */
final class CertificateRules {

    private static final String CHECK = "certificates";
    private static final Duration SOON = Duration.ofDays(30);
    private static final Set<PosixFilePermission> GROUP =
            Set.of(PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_WRITE, PosixFilePermission.GROUP_EXECUTE);
    private static final Set<PosixFilePermission> OTHERS = Set.of(
            PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_EXECUTE);

    private final PgBackRestConf conf;
    private final String stanza;
    private final Instant now;
    private final List<Finding> findings = new ArrayList<>();

    private CertificateRules(PgBackRestConf conf, String stanza, Instant now) {
        this.conf = conf;
        this.stanza = stanza;
        this.now = now;
    }

    static List<Finding> check(PgBackRestConf conf, String stanza, Instant now) {
        CertificateRules rules = new CertificateRules(conf, stanza, now);
        conf.repositories(stanza).forEach(repository -> rules.repository("repo%d-".formatted(repository)));
        conf.clusters(stanza).forEach(cluster -> rules.host("pg%d-".formatted(cluster)));
        rules.certificate("tls-server-ca-file");
        rules.certificate("tls-server-cert-file");
        rules.key("tls-server-key-file");
        return rules.findings;
    }

    private void repository(String prefix) {
        host(prefix);
        if (conf.value(stanza, prefix + "type", "posix").equals("s3")) {
            Stream.of("s3-bucket", "s3-endpoint", "s3-region").forEach(name -> required(prefix + name, "s3"));
        }
        unverified(prefix + "storage-verify-tls");
        certificate(prefix + "storage-ca-file");
    }

    private void host(String prefix) {
        boolean tls = conf.value(stanza, prefix + "host").isPresent()
                && conf.value(stanza, prefix + "host-type", "ssh").equals("tls");
        if (tls) {
            Stream.of("host-cert-file", "host-key-file").forEach(name -> required(prefix + name, CHECK));
        }
        certificate(prefix + "host-ca-file");
        certificate(prefix + "host-cert-file");
        key(prefix + "host-key-file");
    }

    private void required(String name, String check) {
        if (conf.value(stanza, name).isEmpty()) {
            findings.add(Finding.error(
                    check,
                    stanza,
                    "%s is not set".formatted(name),
                    "pgBackRest cannot reach the other side without it and ends with error 37",
                    "in [global]: %s=…, as docs/topologies.md has it".formatted(name)));
        }
    }

    private void unverified(String name) {
        conf.find(stanza, name)
                .filter(setting ->
                        PgBackRestConf.withoutComment(setting.value()).equals("n"))
                .map(setting -> Finding.warning(
                                CHECK,
                                stanza,
                                "%s=n: the storage's certificate is not checked".formatted(name),
                                "whoever stands between this host and the storage can pass for it, read what is not encrypted, and swallow backups",
                                "remove the line; for an authority of your own: %s=/path/ca.crt"
                                        .formatted(name.replace("verify-tls", "ca-file")))
                        .at(setting.place()))
                .ifPresent(findings::add);
    }

    private void certificate(String name) {
        conf.find(stanza, name).ifPresent(setting -> {
            Path file = fileOf(setting);
            try (InputStream stream = Files.newInputStream(file)) {
                Optional<X509Certificate> first =
                        CertificateFactory.getInstance("X.509").generateCertificates(stream).stream()
                                .map(X509Certificate.class::cast)
                                .min(Comparator.comparing(
                                        found -> found.getNotAfter().toInstant()));
                findings.add(first.map(found -> validity(setting, found))
                        .orElseGet(() -> unreadable(setting, "it holds no certificate")));
            } catch (IOException | CertificateException e) {
                findings.add(unreadable(setting, e.toString()));
            }
        });
    }

    private Finding validity(Setting setting, X509Certificate certificate) {
        Instant end = certificate.getNotAfter().toInstant();
        String what = "%s: the certificate of %s".formatted(setting.name(), certificate.getSubjectX500Principal());
        String fix =
                "issue a new one, put it at %s, and let pgbackrest server read it (SIGHUP)".formatted(fileOf(setting));
        if (end.isBefore(now)) {
            return Finding.error(
                            CHECK,
                            stanza,
                            "%s ended on %s".formatted(what, end),
                            "every connection is refused; pgBackRest calls it a CryptoError and asks whether the repository was encrypted, which misleads",
                            fix)
                    .at(setting.place());
        }
        if (end.isBefore(now.plus(SOON))) {
            return Finding.warning(
                            CHECK,
                            stanza,
                            "%s ends on %s".formatted(what, end),
                            "from then on neither WAL nor backups reach the repository",
                            fix)
                    .at(setting.place());
        }
        return Finding.ok(CHECK, stanza, "%s is good until %s".formatted(what, end))
                .at(setting.place());
    }

    private void key(String name) {
        conf.find(stanza, name).ifPresent(setting -> {
            Path file = fileOf(setting);
            try {
                PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
                findings.add(keyMode(setting, attributes));
            } catch (IOException e) {
                findings.add(unreadable(setting, e.toString()));
            }
        });
    }

    /** As pgBackRest sees it: a key of root's may be read by its group, anybody else's by its owner alone. */
    private Finding keyMode(Setting setting, PosixFileAttributes attributes) {
        Set<PosixFilePermission> modes = attributes.permissions();
        boolean toGroup = modes.stream().anyMatch(GROUP::contains)
                && !attributes.owner().getName().equals("root");
        if (toGroup || modes.stream().anyMatch(OTHERS::contains)) {
            return Finding.error(
                            CHECK,
                            stanza,
                            "%s: others than its owner may use %s".formatted(setting.name(), fileOf(setting)),
                            "whoever has the key passes for this host; pgBackRest refuses to use it",
                            "chmod 0600 " + fileOf(setting))
                    .at(setting.place());
        }
        return Finding.ok(CHECK, stanza, "%s belongs to %s alone".formatted(fileOf(setting), attributes.owner()))
                .at(setting.place());
    }

    private Finding unreadable(Setting setting, String why) {
        return Finding.error(
                        CHECK,
                        stanza,
                        "%s=%s cannot be read: %s".formatted(setting.name(), fileOf(setting), why),
                        "no connection that needs it comes about",
                        "correct the path, or the rights of the file and of its folders")
                .at(setting.place());
    }

    private static Path fileOf(Setting setting) {
        return Path.of(PgBackRestConf.withoutComment(setting.value()));
    }
}
