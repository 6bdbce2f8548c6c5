package dev.holdfast.validator.proof;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether recovery ended where it was told to end. */
sealed interface Judgement {

    /** What PostgreSQL says where a library that the cluster uses is not there; the last is of WAL that an extension wrote. */
    Pattern LACKING = Pattern.compile("could not access file|could not load library|resource manager with ID \\d+");

    /** What PostgreSQL says where a history file does not fit the cluster that it was asked to follow it with. */
    Pattern WRONG_HISTORY = Pattern.compile(
            "requested timeline (\\d{1,9}) (?:is not a child of this server's history|does not contain minimum recovery point)");

    /** What PostgreSQL says where it got none of the WAL that its backup begins with. */
    String NO_CHECKPOINT = "could not locate required checkpoint record";

    /** A segment in a complaint. */
    Pattern SEGMENT = Pattern.compile("\\b[0-9A-F]{24}\\b");

    /** It did; {@code detail} says how that is known. */
    record Reached(String detail) implements Judgement {}

    /** It did not. */
    record Missed(Conclusion conclusion) implements Judgement {}

    /**
     * What is known after recovery.
     *
     * @param plan what was asked for
     * @param walk the archive at the test's start
     * @param log what the server wrote
     * @param segmentBytes size of a WAL segment
     * @param complaint what the backup program's first complaint in the log means; empty if it had none
     */
    record Facts(
            BackupEngine.Plan plan, WalWalk walk, RecoveryLog log, long segmentBytes, Optional<Reason> complaint) {}

    /** Judges a server that ended instead of taking connections. */
    static Conclusion ofDeadServer(Facts facts) {
        String fatal = facts.log().fatal().orElse("it ended without saying why");
        Optional<Conclusion> unusable = unusableWal(facts);
        if (unusable.isPresent()) {
            return unusable.get();
        }
        if (facts.walk().gap().isPresent() && !(facts.plan().target() instanceof Target.BackupEnd)) {
            return gap(facts.walk().gap().get(), facts);
        }
        if (facts.log().endedBeforeTarget() && !(facts.plan().target() instanceof Target.BackupEnd)) {
            return unreachable(facts);
        }
        Optional<Conclusion> history = wrongHistory(facts, fatal);
        if (history.isPresent()) {
            return history.get();
        }
        if (LACKING.matcher(fatal).find()) {
            return new Conclusion(
                    Reason.IMAGE, "PostgreSQL does not start because the sandbox image lacks something: " + fatal);
        }
        if (fatal.contains("No space left on device")) {
            return Shortage.SPACE.during("recovery", fatal);
        }
        if (facts.walk().reachable().isPresent()
                && facts.log().furthestSegment().isEmpty()
                && fatal.contains(NO_CHECKPOINT)) {
            return pathless(facts, fatal);
        }
        if (!facts.log().readTheCluster()) {
            return new Conclusion(
                    Reason.SANDBOX, "PostgreSQL ended in the sandbox before it looked at what was restored: " + fatal);
        }
        return new Conclusion(
                Reason.START_FAILED,
                "PostgreSQL does not start on the restored backup %s: %s"
                        .formatted(facts.plan().backup().label(), fatal));
    }

    /**
     * Judges a server that takes connections. Promotion proves nothing: PostgreSQL promotes at a hole too.
     *
     * @param replayed the position behind the last record that it replayed
     */
    static Judgement ofLivingServer(Facts facts, Optional<Lsn> replayed) {
        Optional<Conclusion> unusable = unusableWal(facts);
        if (unusable.isPresent()) {
            return new Missed(unusable.get());
        }
        if (!facts.log().recoveryComplete()) {
            return missed("PostgreSQL takes connections but its log does not say that archive recovery was completed");
        }
        return switch (facts.plan().target()) {
            case Target.BackupEnd _ -> ofBackupEnd(facts, replayed);
            case Target.Latest _ -> ofLatest(facts, replayed);
            case Target.Time time -> ofTime(time, facts);
            case Target.AtLsn at -> ofLsn(at, facts, replayed);
            case Target.Name name -> ofName(name, facts);
            case Target.RandomInWindow _ ->
                throw new IllegalStateException("a random target is drawn before the restore");
        };
    }

    private static Judgement ofBackupEnd(Facts facts, Optional<Lsn> replayed) {
        Optional<Lsn> stop = facts.plan().backup().lsnStop();
        if (!facts.log().stoppedAtConsistency()) {
            return missed(
                    "recovery did not stop at the backup's end: its log does not say 'stopping after reaching consistency'");
        }
        if (stop.isPresent() && replayed.map(lsn -> lsn.isBefore(stop.get())).orElse(true)) {
            return missed("recovery ended at %s, before the backup's end at %s".formatted(text(replayed), stop.get()));
        }
        return new Reached("recovery stopped at consistency, " + text(replayed)
                + stop.map(lsn -> "; the backup ends at " + lsn).orElse(""));
    }

    private static Judgement ofLatest(Facts facts, Optional<Lsn> replayed) {
        WalSegment end = facts.walk().end().orElse(facts.walk().from());
        Optional<WalSegment> furthest = facts.log().furthestSegment();
        boolean fetched = furthest.map(segment -> segment.compareTo(end) >= 0).orElse(false);
        boolean played = replayed.map(lsn -> end.start(facts.segmentBytes()).isBefore(lsn))
                .orElse(false);
        if (fetched && played) {
            return new Reached(
                    "recovery replayed to %s, in or behind %s, the archive's last segment when the test began"
                            .formatted(text(replayed), end));
        }
        return missed("recovery ended at %s although the archive goes on to segment %s".formatted(text(replayed), end));
    }

    private static Judgement ofTime(Target.Time time, Facts facts) {
        RecoveryLog log = facts.log();
        boolean past =
                log.lastCommit().map(commit -> commit.isAfter(time.instant())).orElse(false);
        boolean stopped = log.stoppedAtCommit()
                .map(commit -> commit.isAfter(time.instant()))
                .orElse(false);
        if (stopped && !past) {
            return new Reached("recovery stopped before the commit of %s, the first after %s"
                    .formatted(log.stoppedAtCommit().orElseThrow(), time.instant()));
        }
        return missed("recovery did not stop at %s: last commit %s, stopped at %s"
                .formatted(time.instant(), text(log.lastCommit()), text(log.stoppedAtCommit())));
    }

    private static Judgement ofLsn(Target.AtLsn at, Facts facts, Optional<Lsn> replayed) {
        boolean stopped = facts.log().stoppedAtLsn().isPresent();
        boolean there = replayed.map(lsn -> !lsn.isBefore(at.lsn())).orElse(false);
        return stopped && there
                ? new Reached("recovery stopped at %s, asked for %s".formatted(text(replayed), at.lsn()))
                : missed("recovery ended at %s, asked for %s".formatted(text(replayed), at.lsn()));
    }

    private static Judgement ofName(Target.Name name, Facts facts) {
        Optional<String> stopped = facts.log().stoppedAtName();
        return stopped.filter(name.name()::equals).isPresent()
                ? new Reached("recovery stopped at the restore point '%s'".formatted(name.name()))
                : missed("recovery did not stop at the restore point '%s'".formatted(name.name()));
    }

    /** Only what is known to be damage is called that: whatever else kept WAL from being fetched is the set-up's fault. */
    private static Optional<Conclusion> unusableWal(Facts facts) {
        Optional<String> complaint = facts.log().archiveError();
        if (complaint.isPresent() && facts.complaint().isPresent()) {
            Reason reason = facts.complaint().get();
            return Optional.of(
                    reason.verdict() == Verdict.FAILED
                            ? damagedWal(facts, complaint.get())
                            : new Conclusion(
                                    reason,
                                    "pgBackRest could not fetch WAL while PostgreSQL recovered: " + complaint.get()));
        }
        return facts.log().badRecord().map(found -> damagedWal(facts, found));
    }

    /** What lies in the archive and is not found although nothing is wrong with the way to it, the archive's record does not lead to. */
    private static Conclusion pathless(Facts facts, String fatal) {
        Backup backup = facts.plan().backup();
        return new Conclusion(
                Reason.REPOSITORY_DAMAGED,
                "segment %s, which backup %s needs, lies in archive %s and pgBackRest does not find it there: archive.info names another archive. Put a good copy of it back: %s"
                        .formatted(facts.walk().from(), backup.label(), backup.archiveId(), fatal),
                SpoiledWal.archive(backup.archiveId()));
    }

    /** The restored cluster was on that timeline already, so it is the file that is wrong. */
    private static Optional<Conclusion> wrongHistory(Facts facts, String fatal) {
        Matcher match = WRONG_HISTORY.matcher(fatal);
        if (!match.find()) {
            return Optional.empty();
        }
        int timeline = Integer.parseInt(match.group(1));
        return Optional.of(new Conclusion(
                Reason.WAL_DAMAGED,
                "the history file %s in the archive is damaged: it does not say of timeline %d what backup %s, made on timeline %d, shows of it: %s"
                        .formatted(
                                Timelines.historyOf(timeline),
                                timeline,
                                facts.plan().backup().label(),
                                facts.plan().backup().timeline(),
                                fatal),
                SpoiledWal.history(timeline)));
    }

    private static Conclusion damagedWal(Facts facts, String found) {
        return new Conclusion(
                Reason.WAL_DAMAGED,
                "the WAL that backup %s needs is damaged%s: %s"
                        .formatted(
                                facts.plan().backup().label(),
                                facts.log()
                                        .furthestSegment()
                                        .map(segment -> " in or behind segment " + segment)
                                        .orElse(""),
                                found),
                SpoiledWal.segments(named(found)
                        .or(() -> facts.log().furthestSegment())
                        .map(Set::of)
                        .orElse(Set.of())));
    }

    private static Optional<WalSegment> named(String complaint) {
        Matcher match = SEGMENT.matcher(complaint);
        return match.find() ? Optional.of(WalSegment.parse(match.group())) : Optional.empty();
    }

    static Conclusion gap(WalWalk.Gap gap, Facts facts) {
        return gap(gap, facts.plan(), facts.walk());
    }

    static Conclusion gap(WalWalk.Gap gap, BackupEngine.Plan plan, WalWalk walk) {
        return new Conclusion(
                Reason.WAL_GAP,
                "%s from the archive of stanza %s: backup %s can be recovered %s; everything after is lost to recovery from it. Make a new full backup now and look for what removed the WAL."
                        .formatted(
                                gap,
                                plan.order().stanza(),
                                plan.backup().label(),
                                walk.reachable()
                                        .filter(last -> plan.backup()
                                                .walStop()
                                                .map(stop -> last.compareTo(stop) >= 0)
                                                .orElse(true))
                                        .map(last -> "up to " + last + " only")
                                        .orElse("to no point at all")));
    }

    private static Conclusion unreachable(Facts facts) {
        String target = facts.plan().target() instanceof Target.Name(String name)
                ? "no restore point is named '%s', or it lies behind the end of the archive".formatted(name)
                : "the target lies behind the end of the archive";
        return new Conclusion(
                Reason.TARGET_UNREACHABLE,
                "%s: recovery from %s ended with segment %s, last commit %s. Choose an earlier target, or archive the current segment first."
                        .formatted(
                                target,
                                facts.plan().backup().label(),
                                text(facts.log().furthestSegment()),
                                text(facts.log().lastCommit())));
    }

    private static Missed missed(String message) {
        return new Missed(new Conclusion(Reason.TARGET_NOT_REACHED, message));
    }

    private static String text(Optional<?> value) {
        return value.map(Object::toString).orElse("none");
    }
}
