package dev.holdfast.validator.proof;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What a DBA asks next when a backup failed: since when, and what can be restored instead? */
final class Aftermath {

    private static final int NAMED = 3;

    private final ProvenBefore before;
    private final String stanza;
    private final List<Backup> listed;
    private final ArchiveListing archive;
    private final Map<String, NavigableSet<WalSegment>> archived = new HashMap<>();

    /**
     * An aftermath.
     *
     * @param listed all backups of the repository, in the order in which they ended
     * @param archive the archive, as it was when they were listed
     */
    Aftermath(ProvenBefore before, String stanza, List<Backup> listed, ArchiveListing archive) {
        this.before = before;
        this.stanza = stanza;
        this.listed = List.copyOf(listed);
        this.archive = archive;
    }

    /** The conclusion with both answers; as it is where it does not say that the backup failed. */
    Conclusion told(Backup backup, Conclusion found) {
        return found.verdict() == Verdict.FAILED
                ? new Conclusion(
                        found.reason(),
                        "%s. %s; %s".formatted(withoutStop(found.message()), since(backup), instead(backup, found)),
                        found.spoiled())
                : found;
    }

    /**
     * The conclusion of a test that came to no backup, with what can be said all the same.
     *
     * @param wanted the label that was asked for, if there was one
     * @param others the numbers of the stanza's other repositories
     */
    Conclusion toldOfRepository(
            Optional<String> wanted, Conclusion found, Supplier<? extends Collection<Integer>> others) {
        return found.verdict() == Verdict.FAILED
                ? new Conclusion(
                        found.reason(),
                        "%s. %s; %s; %s"
                                .formatted(
                                        withoutStop(found.message()),
                                        since(wanted),
                                        listed.isEmpty()
                                                ? "no backup of this repository can be chosen for a restore until that is mended"
                                                : "backups that are still listed: " + Lines.some(stillListed(), NAMED),
                                        elsewhere(others.get())))
                : found;
    }

    private String since(Optional<String> wanted) {
        return wanted.flatMap(label -> before.lastPassed(stanza, label))
                .map(at -> "This backup last passed a test at %s".formatted(at))
                .or(() -> before.lastPassed(stanza)
                        .map(last -> "The last test of this stanza that passed was that of backup %s, at %s"
                                .formatted(last.label(), last.at())))
                .orElse("No test of this stanza that passed is remembered");
    }

    private List<String> stillListed() {
        return listed.reversed().stream().map(this::described).toList();
    }

    private String elsewhere(Collection<Integer> others) {
        if (others.isEmpty()) {
            return "the configuration names no other repository";
        }
        String numbers = others.stream().map(String::valueOf).collect(Collectors.joining(", "));
        return "the configuration names repository %s too: see what it holds with 'holdfast prove %s --repository %d'"
                .formatted(numbers, stanza, others.iterator().next());
    }

    private static String withoutStop(String message) {
        return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
    }

    private String since(Backup backup) {
        return before.lastPassed(stanza, backup.label())
                .map(at -> "This backup last passed a test at %s".formatted(at))
                .orElse("No test that this backup passed is remembered");
    }

    /** The newest first. A backup whose own WAL is gone as well is none. */
    private String instead(Backup backup, Conclusion found) {
        List<Backup> others = listed.reversed().stream()
                .filter(other -> !other.label().equals(backup.label()))
                .toList();
        if (others.isEmpty()) {
            return "no other backup is listed in this repository";
        }
        List<String> damaged = damagedSets(backup, found);
        List<Backup> apart = others.stream()
                .filter(other -> other.chain().stream().noneMatch(damaged::contains))
                .toList();
        if (apart.isEmpty()) {
            return "every other backup that is listed needs a part of it";
        }
        List<String> sound = apart.stream()
                .filter(other -> lacking(other, found).isEmpty())
                .map(this::described)
                .toList();
        List<String> cutOff = apart.stream()
                .flatMap(other -> lacking(other, found).map(why -> "%s (%s)".formatted(other.label(), why)).stream())
                .toList();
        return instead(sound, cutOff, isOfWal(found.reason()));
    }

    private static String instead(List<String> sound, List<String> cutOff, boolean ofWal) {
        if (sound.isEmpty()) {
            return "no other backup can be restored instead: " + Lines.some(cutOff, NAMED);
        }
        return "%s: %s%s"
                .formatted(
                        ofWal ? "backups that can be restored to their own end" : "backups that need no part of it",
                        Lines.some(sound, NAMED),
                        cutOff.isEmpty() ? "" : "; not restorable either: " + Lines.some(cutOff, NAMED));
    }

    /**
     * Those of its chain that no restore should read: the ones whose files the message names, else all. A fault of the archive
     * is none of files, and an incremental backup has WAL of its own.
     */
    private static List<String> damagedSets(Backup backup, Conclusion found) {
        if (isOfWal(found.reason())) {
            return List.of();
        }
        List<String> named = backup.chain().stream()
                .filter(label -> found.message().contains(label + "/"))
                .toList();
        return named.isEmpty() ? backup.chain() : named;
    }

    private static boolean isOfWal(Reason reason) {
        return reason == Reason.WAL_GAP || reason == Reason.WAL_DAMAGED;
    }

    /** Why it cannot be restored to its own end; empty if nothing is known that keeps it from that. */
    private Optional<String> lacking(Backup backup, Conclusion found) {
        return hole(backup).or(() -> found.spoiled().neededBy(backup));
    }

    private Optional<String> hole(Backup backup) {
        if (backup.walStart().isEmpty()) {
            return Optional.of("made without WAL");
        }
        WalSegment start = backup.walStart().get();
        WalSegment stop = backup.walStop().orElse(start);
        Timelines way = Timelines.only(backup.timeline());
        long size = SegmentSize.of(backup);
        NavigableSet<WalSegment> own = archived(backup, way, size).headSet(stop, true);
        WalWalk walk = WalWalk.over(start, Optional.of(stop), own, way, size);
        return walk.reaches(stop) ? Optional.empty() : walk.gap().map(WalWalk.Gap::toString);
    }

    /** An archive has many files and a timeline many backups. */
    private NavigableSet<WalSegment> archived(Backup backup, Timelines way, long size) {
        return archived.computeIfAbsent(
                backup.archiveId() + "/" + backup.timeline(), _ -> archive.segments(backup.archiveId(), way, size));
    }

    private String described(Backup other) {
        String tested = before.lastPassed(stanza, other.label())
                .map(at -> "passed at %s".formatted(at))
                .orElse("not tested");
        return "%s (%s%s)"
                .formatted(other.label(), tested, other.damagedPages() ? "; damaged pages were copied into it" : "");
    }
}
