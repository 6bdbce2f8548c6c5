package dev.holdfast.validator.proof;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/**
 * What the proof wants of the program that made the backups. All of it runs inside the sandbox but for {@link #locate} and {@link #otherRepositories}.
 *
 * <p>Methods throw {@link ProofStopped} where what they find ends the test.
 */
public interface BackupEngine {

    /**
     * What the repository lists.
     *
     * @param version the program's version
     * @param backups in the order in which they ended
     */
    record Listing(String version, List<Backup> backups) {

        /** Copies the list. */
        public Listing {
            backups = List.copyOf(backups);
        }
    }

    /**
     * A restore to make.
     *
     * @param order the test
     * @param backup what to restore
     * @param target the point to recover to, never {@link Target.RandomInWindow}
     * @param way the timelines that recovery follows
     */
    record Plan(TestOrder order, Backup backup, Target target, Timelines way) {}

    /**
     * What the repository holds, seen at once.
     *
     * @param listing the backups
     * @param archive the stanza's archive
     */
    record Stock(Listing listing, ArchiveListing archive) {}

    /**
     * A restore that is over.
     *
     * @param ended how
     * @param manifest SHA-256 of the backup's manifest as it was stored; empty if it could not be read
     */
    record Restoration(Restored ended, Optional<String> manifest) {}

    /** How a restore ended. */
    sealed interface Restored {

        /** Every file is there. {@code detail} is its own summary. */
        record Complete(String detail) implements Restored {}

        /** It gave up: {@code reason} as the output alone tells it. */
        record GaveUp(Reason reason, String detail) implements Restored {}
    }

    /** Reads the configuration on this machine: where is the repository, and who owns it? */
    RepositoryPlace locate(TestOrder order);

    /** The numbers of the other repositories that the configuration gives the order's stanza. */
    SortedSet<Integer> otherRepositories(TestOrder order);

    /** Which backups there are, and every file of the stanza's archive. */
    Stock stock(Sandbox sandbox, TestOrder order);

    /** Which backups there are. */
    Listing list(Sandbox sandbox, TestOrder order);

    /** The labels of all backups that the repository remembers, those that retention removed among them; never null. */
    SortedSet<String> remembered(Sandbox sandbox, TestOrder order);

    /** Every file of the stanza's archive. */
    ArchiveListing archive(Sandbox sandbox, TestOrder order);

    /** True if the manifest of the order's backup lies in the repository, whether that lists the backup or not. */
    boolean holds(Sandbox sandbox, TestOrder order);

    /** The text of a timeline's history file in one archive, such as {@code 15-1}; empty if there is none. */
    Optional<String> history(Sandbox sandbox, TestOrder order, String archiveId, int timeline);

    /**
     * What a complaint of the program that stands in PostgreSQL's log means for the WAL that it was to fetch: damage, or
     * something that says nothing of it.
     */
    Reason meaning(String complaint);

    /**
     * The program's own verification of the whole stanza in this repository. Whatever keeps it from its end is said in the
     * answer, not thrown.
     */
    Verification verify(Sandbox sandbox, TestOrder order, Duration limit);

    /** Restores, and configures recovery. */
    Restoration restore(Sandbox sandbox, Plan plan);
}
