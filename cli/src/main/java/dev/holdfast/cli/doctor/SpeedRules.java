package dev.holdfast.cli.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What makes backups slow, or the host by backups. */
final class SpeedRules {

    private static final String CHECK = "speed";
    private static final int MANY_PROCESSORS = 4;

    private SpeedRules() {}

    /**
     * Checks.
     *
     * @param processors of this host
     */
    static List<Finding> check(PgBackRestConf conf, String stanza, int processors) {
        List<Finding> findings = new ArrayList<>();
        if (!conf.isOn(stanza, "start-fast")) {
            findings.add(Finding.warning(
                    CHECK,
                    stanza,
                    "start-fast is not on",
                    "a backup waits for the next checkpoint before it copies anything: up to checkpoint_timeout, five minutes by default",
                    "in [global]: start-fast=y"));
        }
        processes(conf, stanza, processors).ifPresent(findings::add);
        conf.find(stanza, "log-level-file")
                .filter(level -> PgBackRestConf.withoutComment(level.value()).matches("debug|trace"))
                .map(level -> Finding.warning(
                                CHECK,
                                stanza,
                                "log-level-file=%s".formatted(PgBackRestConf.withoutComment(level.value())),
                                "it writes a line for every file and more; the disk of the logs fills up",
                                "log-level-file=detail")
                        .at(level.place()))
                .ifPresent(findings::add);
        return findings;
    }

    private static Optional<Finding> processes(PgBackRestConf conf, String stanza, int processors) {
        Optional<Setting> setting = conf.find(stanza, "process-max");
        int processes = conf.value(stanza, "process-max")
                .filter(value -> value.matches("[0-9]{1,3}"))
                .map(Integer::parseInt)
                .orElse(1);
        if (setting.isEmpty() && processors >= MANY_PROCESSORS) {
            return Optional.of(Finding.warning(
                    CHECK,
                    stanza,
                    "process-max is not set, so one process copies; this host has %d processors".formatted(processors),
                    "backups and, worse, restores take several times as long as they need to",
                    "in [global]: process-max=%d".formatted(processors / 2)));
        }
        return setting.filter(line -> processes > processors)
                .map(line -> Finding.warning(
                                CHECK,
                                stanza,
                                "process-max=%d, and this host has %d processors".formatted(processes, processors),
                                "a backup takes all of them from the database",
                                "process-max=%d".formatted(Math.max(1, processors / 2)))
                        .at(line.place()));
    }
}
