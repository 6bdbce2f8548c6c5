package dev.holdfast.cli.doctor;

import dev.holdfast.cli.doctor.PgBackRestTool.Told;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything about pgBackRest and PostgreSQL on this host. */
public final class HostExamination {

    private static final String CHECK = "configuration";
    /** {@code HOLDFAST_PGBACKREST_CONFIG}, default pgBackRest's own place: the configuration that {@code doctor} examines; {@code --config}. */
    private static final String CONFIGURATION = "HOLDFAST_PGBACKREST_CONFIG";

    private static final List<String> VARIABLES = List.of(CONFIGURATION, "PGBACKREST_CONFIG");

    private final Optional<Path> named;
    private final Optional<String> wanted;

    /**
     * An examination.
     *
     * @param named the configuration file; empty to look for it where the environment says, or pgBackRest does
     * @param wanted the only stanza to look at; empty for all
     */
    public HostExamination(Optional<Path> named, Optional<String> wanted, Map<String, String> environment) {
        this.named = named.or(() -> VARIABLES.stream()
                .map(name -> environment.getOrDefault(name, ""))
                .filter(value -> !value.isBlank())
                .findFirst()
                .map(Path::of));
        this.wanted = wanted;
    }

    /** Examines; changes nothing. */
    public List<Finding> examine() {
        List<Path> usual = PgBackRestConf.USUAL;
        Optional<Path> file =
                named.or(() -> usual.stream().filter(Files::exists).findFirst());
        if (file.isEmpty() || !Files.exists(file.get())) {
            return List.of(
                    Finding.error(
                            CHECK,
                            "",
                            "there is no %s"
                                    .formatted(file.map(Path::toString)
                                            .orElse(usual.getFirst() + " and no " + usual.getLast())),
                            "pgBackRest does not know what to back up or where to",
                            "name the file with --config, or write it: [global] with repo1-path=/var/lib/pgbackrest, repo1-retention-full=7 and start-fast=y, [main] with pg1-path=/var/lib/postgresql/15/main"));
        }
        try {
            return summed(examine(
                    named.isPresent()
                            ? PgBackRestConf.named(file.get().toAbsolutePath())
                            : PgBackRestConf.usual(file.get())));
        } catch (IOException e) {
            return List.of(Finding.error(
                    CHECK,
                    "",
                    "%s cannot be read by %s: %s"
                            .formatted(file.get(), OsUser.self().name(), e),
                    "nothing of pgBackRest could be examined",
                    "run it as root or as the file's owner: sudo -u postgres holdfast doctor"));
        }
    }

    private List<Finding> examine(PgBackRestConf conf) {
        List<Finding> findings = new ArrayList<>();
        List<String> stanzas = stanzas(conf, findings);
        findings.addAll(SyntaxRules.check(conf));
        findings.addAll(FileModes.check(conf));
        Optional<ToolVersion> version = PgBackRestTool.version();
        findings.addAll(PgBackRestTool.examine(conf, stanzas, version));
        for (String stanza : stanzas) {
            findings.addAll(RetentionRules.check(conf, stanza));
            findings.addAll(RepositoryRules.check(conf, stanza));
            findings.addAll(TransportRules.check(conf, stanza));
            findings.addAll(CertificateRules.check(conf, stanza, Instant.now()));
            findings.addAll(SpeedRules.check(conf, stanza, Runtime.getRuntime().availableProcessors()));
            findings.addAll(alive(conf, stanza, version));
        }
        return findings;
    }

    private List<String> stanzas(PgBackRestConf conf, List<Finding> findings) {
        List<String> known = List.copyOf(conf.stanzas());
        if (known.isEmpty() || wanted.filter(stanza -> !known.contains(stanza)).isPresent()) {
            findings.add(Finding.error(
                            CHECK,
                            wanted.orElse(""),
                            wanted.map("there is no section [%s]"::formatted).orElse("there is no section of a stanza")
                                    + (known.isEmpty() ? "" : "; there are: " + String.join(", ", known)),
                            "pgBackRest does not know which cluster is meant",
                            "[%s] and in it pg1-path=/var/lib/postgresql/15/main".formatted(wanted.orElse("main")))
                    .at(conf.file().toString()));
            return List.of();
        }
        return wanted.map(List::of).orElse(known);
    }

    /** What only the running parts can tell. */
    private static List<Finding> alive(PgBackRestConf conf, String stanza, Optional<ToolVersion> version) {
        Optional<Path> cluster = conf.localCluster(stanza).or(() -> conf.misplacedCluster(stanza));
        Path owned = cluster.orElseGet(() -> conf.repositoryPath(stanza, 1));
        Optional<OsUser> user = OsUser.ownerOf(owned);
        if (user.isEmpty()) {
            return List.of(absent(stanza, owned, cluster.isPresent()));
        }
        List<Finding> findings = new ArrayList<>();
        if (!user.get().may("-r", conf.file())) {
            findings.add(Finding.error(
                    "permissions",
                    stanza,
                    "%s cannot be read by %s".formatted(conf.file(), user.get().name()),
                    "archive_command and backups run as that user and end with error 41",
                    "chown %1$s: %2$s && chmod 0640 %2$s".formatted(user.get().name(), conf.file())));
        }
        Told told = version.isPresent()
                ? new PgBackRestTool(conf).info(user.get(), stanza)
                : new Told(Optional.empty(), List.of());
        findings.addAll(told.findings());
        told.info().map(info -> StanzaRules.check(conf, stanza, info)).ifPresent(findings::add);
        findings.addAll(new FolderExamination(conf, stanza, user.get()).examine(told.info()));
        findings.addAll(cluster.map(folder -> new ClusterExamination(conf, stanza, user.get(), folder).examine(version))
                .orElseGet(() -> List.of(Finding.notRun(
                        "postgresql",
                        stanza,
                        "the cluster is on another host",
                        "run holdfast doctor there too: it looks at archiving"))));
        return findings;
    }

    private static Finding absent(String stanza, Path folder, boolean isCluster) {
        if (Files.exists(folder)) {
            return Finding.notRun(
                    CHECK,
                    stanza,
                    "%s belongs to another user".formatted(folder),
                    "run it as root or as that user: sudo -u postgres holdfast doctor");
        }
        return Finding.error(
                CHECK,
                stanza,
                "%s does not exist, or is closed to %s"
                        .formatted(folder, OsUser.self().name()),
                isCluster
                        ? "pg1-path must be the data directory: of Debian's packages /var/lib/postgresql/15/main, of the container image /var/lib/postgresql/data"
                        : "pgBackRest has nowhere to put backups",
                isCluster
                        ? "in [%s]: pg1-path=%s; if it is right, run this as root"
                                .formatted(stanza, "<what SHOW data_directory says>")
                        : "install -d -o postgres -m 0750 " + folder);
    }

    /** What holds for several stanzas in the same words is said once. */
    private static List<Finding> summed(List<Finding> findings) {
        Map<Finding, Finding> said = new LinkedHashMap<>();
        for (Finding finding : findings) {
            Finding words = new Finding(
                    finding.outcome(),
                    finding.check(),
                    "",
                    finding.where(),
                    finding.found(),
                    finding.why(),
                    finding.fix());
            said.merge(words, finding, (first, second) -> words);
        }
        return List.copyOf(said.values());
    }
}
