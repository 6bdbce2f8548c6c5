package dev.holdfast.cli.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether old backups and old WAL go, and go together. */
final class RetentionRules {

    private static final String CHECK = "retention";

    private RetentionRules() {}

    static List<Finding> check(PgBackRestConf conf, String stanza) {
        List<Finding> findings = new ArrayList<>();
        for (int repository : conf.repositories(stanza)) {
            findings.addAll(check(conf, stanza, "repo%d-retention-".formatted(repository)));
        }
        return findings;
    }

    private static List<Finding> check(PgBackRestConf conf, String stanza, String prefix) {
        Optional<Integer> fulls = number(conf, stanza, prefix + "full");
        Optional<Setting> archive = conf.find(stanza, prefix + "archive");
        List<Finding> findings = new ArrayList<>();
        if (fulls.isEmpty()) {
            findings.add(Finding.warning(
                    CHECK,
                    stanza,
                    prefix + "full is not set",
                    "every backup and all WAL are kept until the disk is full",
                    "%1$sfull=7 keeps seven full backups; or %1$sfull-type=time and %1$sfull=14 keep what is needed to go back 14 days"
                            .formatted(prefix)));
        }
        archive.ifPresent(
                setting -> archive(conf, stanza, prefix, setting, fulls).ifPresent(findings::add));
        if (findings.isEmpty()) {
            findings.add(Finding.ok(
                    CHECK,
                    stanza,
                    "%sfull=%s %s"
                            .formatted(
                                    prefix,
                                    fulls.map(String::valueOf).orElse("?"),
                                    isByTime(conf, stanza, prefix)
                                            ? "days"
                                            : "full backups, and their WAL with them")));
        }
        return findings;
    }

    /** {@code retention-archive} counts backups; whoever sets it mostly means days. */
    private static Optional<Finding> archive(
            PgBackRestConf conf, String stanza, String prefix, Setting archive, Optional<Integer> fulls) {
        Optional<Integer> kept = number(conf, stanza, prefix + "archive");
        String type = conf.value(stanza, prefix + "archive-type", "full");
        if (kept.isEmpty() || !type.equals("full") || isByTime(conf, stanza, prefix)) {
            return Optional.of(Finding.warning(
                            CHECK,
                            stanza,
                            "%s=%s counts backups of type %s, not days"
                                    .formatted(archive.name(), archive.value(), type),
                            "WAL that goes before its backups makes holes that no restore to an instant can cross",
                            remove(archive))
                    .at(archive.place()));
        }
        if (fulls.isEmpty() || kept.get() > fulls.get()) {
            return Optional.of(Finding.error(
                            CHECK,
                            stanza,
                            "%s=%d is the number of full backups whose WAL is kept, not days, and there are never so many (%sfull is %s)"
                                    .formatted(
                                            archive.name(),
                                            kept.get(),
                                            prefix,
                                            fulls.map(String::valueOf).orElse("not set")),
                            "no WAL is ever removed: the repository grows until the disk is full; and how far back a restore reaches is decided by the oldest full backup, not by this",
                            "%s. To be able to go back %d days: %sfull-type=time and %sfull=%d"
                                    .formatted(remove(archive), kept.get(), prefix, prefix, kept.get()))
                    .at(archive.place()));
        }
        return kept.get() < fulls.get()
                ? Optional.of(Finding.error(
                                CHECK,
                                stanza,
                                "%s=%d is less than %sfull=%d"
                                        .formatted(archive.name(), kept.get(), prefix, fulls.get()),
                                "the WAL between older backups is removed: they can be restored to their own end only, while info still shows one range from first to last",
                                remove(archive))
                        .at(archive.place()))
                : Optional.empty();
    }

    private static String remove(Setting archive) {
        return "remove the line %s: WAL then goes with the backup that needs it".formatted(archive.name());
    }

    private static boolean isByTime(PgBackRestConf conf, String stanza, String prefix) {
        return conf.value(stanza, prefix + "full-type", "count").equals("time");
    }

    private static Optional<Integer> number(PgBackRestConf conf, String stanza, String name) {
        return conf.value(stanza, name)
                .filter(value -> value.matches("[0-9]{1,7}"))
                .map(Integer::valueOf);
    }
}
