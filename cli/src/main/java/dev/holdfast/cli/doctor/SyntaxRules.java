package dev.holdfast.cli.doctor;

import java.util.ArrayList;
import java.util.List;

/** What pgBackRest cannot read, or reads as something else. */
final class SyntaxRules {

    private static final String CHECK = "syntax";

    private SyntaxRules() {}

    static List<Finding> check(PgBackRestConf conf) {
        List<Finding> findings = new ArrayList<>();
        for (Setting stray : conf.strays()) {
            findings.add(Finding.error(
                            CHECK,
                            "",
                            "'%s' is neither a [section] nor name=value inside one".formatted(stray.value()),
                            "pgBackRest reads nothing of a file with such a line (error 29); only lines that begin with # are comments",
                            "correct the line, or begin it with #")
                    .at(stray.place()));
        }
        for (Setting setting : conf.settings()) {
            if (PgBackRestConf.hasComment(setting.value())) {
                findings.add(comment(setting));
            }
        }
        return findings;
    }

    private static Finding comment(Setting setting) {
        return Finding.error(
                        CHECK,
                        "",
                        "%s has a comment behind its value".formatted(setting.name()),
                        "pgBackRest has no comments behind values: the value is '%s'; most options are then refused (error 32), and a path or host is silently a wrong one"
                                .formatted(setting.value().replaceAll("\\s+", " ")),
                        "%s=%s, and the comment on a line of its own"
                                .formatted(setting.name(), PgBackRestConf.withoutComment(setting.value())))
                .at(setting.place());
    }
}
