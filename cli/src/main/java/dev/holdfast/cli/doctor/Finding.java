package dev.holdfast.cli.doctor;

import dev.holdfast.cli.json.Doc;

/**
 * What one check has found.
 *
 * @param outcome how bad it is
 * @param check what was looked at, such as {@code retention}
 * @param stanza whose; empty if it is the whole host's
 * @param where the file and line, or the address; empty if it has none
 * @param found what was found, in words
 * @param why why it matters; empty where all is well
 * @param fix the exact fix; empty where all is well
 */
public record Finding(
        Outcome outcome, String check, String stanza, String where, String found, String why, String fix) {

    /** How bad a finding is. */
    public enum Outcome {
        /** Backups or restores fail, or will. */
        ERROR,
        /** It works, and will hurt one day. */
        WARNING,
        /** Could not be examined: neither good nor bad. */
        NOT_RUN,
        /** All is well. */
        OK
    }

    static Finding ok(String check, String stanza, String found) {
        return new Finding(Outcome.OK, check, stanza, "", found, "", "");
    }

    static Finding error(String check, String stanza, String found, String why, String fix) {
        return new Finding(Outcome.ERROR, check, stanza, "", found, why, fix);
    }

    static Finding warning(String check, String stanza, String found, String why, String fix) {
        return new Finding(Outcome.WARNING, check, stanza, "", found, why, fix);
    }

    static Finding notRun(String check, String stanza, String found, String fix) {
        return new Finding(Outcome.NOT_RUN, check, stanza, "", found, "", fix);
    }

    /** The same at this place. */
    Finding at(String place) {
        return new Finding(outcome, check, stanza, place, found, why, fix);
    }

    /** As a program reads it. */
    public Doc asDoc() {
        return Doc.empty()
                .with("outcome", outcome.name())
                .with("check", check)
                .with("stanza", stanza.isEmpty() ? null : stanza)
                .with("where", where.isEmpty() ? null : where)
                .with("found", found)
                .with("why", why.isEmpty() ? null : why)
                .with("fix", fix.isEmpty() ? null : fix);
    }
}
