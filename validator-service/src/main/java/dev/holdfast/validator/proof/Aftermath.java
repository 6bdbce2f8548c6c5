package dev.holdfast.validator.proof;

import java.util.List;

/** What a DBA asks next when a backup failed: since when, and what can be restored instead? */
final class Aftermath {

    private static final int NAMED = 3;

    private final ProvenBefore before;
    private final String stanza;
    private final List<Backup> listed;

    /**
     * An aftermath.
     *
     * @param listed all backups of the repository, in the order in which they ended
     */
    Aftermath(ProvenBefore before, String stanza, List<Backup> listed) {
        this.before = before;
        this.stanza = stanza;
        this.listed = List.copyOf(listed);
    }

    /** The conclusion with both answers; as it is where it does not say that the backup failed. */
    Conclusion told(Backup backup, Conclusion found) {
        return found.verdict() == Verdict.FAILED
                ? new Conclusion(
                        found.reason(),
                        "%s. %s; %s".formatted(withoutStop(found.message()), since(backup), instead(backup)))
                : found;
    }

    private static String withoutStop(String message) {
        return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
    }

    private String since(Backup backup) {
        return before.lastPassed(stanza, backup.label())
                .map(at -> "This backup last passed a test at %s".formatted(at))
                .orElse("No test that this backup passed is remembered");
    }

    /** Those that need none of the sets that this one needs, the newest first. */
    private String instead(Backup backup) {
        List<String> others = listed.reversed().stream()
                .filter(other -> other.chain().stream().noneMatch(backup.chain()::contains))
                .map(this::described)
                .toList();
        if (!others.isEmpty()) {
            return "backups that need no part of it: " + Lines.some(others, NAMED);
        }
        return listed.stream().allMatch(other -> other.label().equals(backup.label()))
                ? "no other backup is listed in this repository"
                : "every other backup that is listed needs a part of it";
    }

    private String described(Backup other) {
        return before.lastPassed(stanza, other.label())
                .map(at -> "%s (passed at %s)".formatted(other.label(), at))
                .orElse(other.label() + " (not tested)");
    }
}
