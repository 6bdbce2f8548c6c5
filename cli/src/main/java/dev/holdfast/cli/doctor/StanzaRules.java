package dev.holdfast.cli.doctor;

import dev.holdfast.cli.json.Doc;
import java.util.List;

/** What {@code pgbackrest info} says of a stanza, and what to do about it. */
final class StanzaRules {

    private static final String CHECK = "stanza";
    private static final int GOOD = 0;
    private static final int NO_VALID_BACKUPS = 2;
    private static final List<Integer> NOT_CREATED = List.of(1, 3);

    private StanzaRules() {}

    static Finding check(PgBackRestConf conf, String stanza, Doc info) {
        int code = info.number("status.code").map(Number::intValue).orElse(-1);
        String message = info.cell("status.message").replaceAll("\\s+", " ");
        if (code == GOOD) {
            return Finding.ok(
                    CHECK,
                    stanza,
                    "%d backup(s) in the repository"
                            .formatted(info.docs("backup").size()));
        }
        if (NOT_CREATED.contains(code)) {
            return Finding.error(
                    CHECK,
                    stanza,
                    "the stanza is not in the repository (%s)".formatted(message),
                    "archive-push and backup end with error 55 until it is created; WAL piles up in pg_wal",
                    "pgbackrest %s--stanza=%s stanza-create".formatted(conf.option(), stanza));
        }
        if (code == NO_VALID_BACKUPS) {
            return Finding.warning(
                    CHECK,
                    stanza,
                    "there is no backup yet",
                    "nothing can be restored",
                    "holdfast backup %s --type full --wait=proven".formatted(stanza));
        }
        return Finding.error(
                CHECK,
                stanza,
                "the repository is not well: " + message,
                "pgBackRest's exit status is 0 all the same, so scripts do not notice",
                "pgbackrest %s--stanza=%s info shows it in full".formatted(conf.option(), stanza));
    }
}
