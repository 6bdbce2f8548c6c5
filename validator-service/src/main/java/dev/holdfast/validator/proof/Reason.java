package dev.holdfast.validator.proof;

/** Why a test ended as it did, for programs, and what to do about it. Each belongs to one verdict. {@code docs/reference/errors.md} is made from these words. */
public enum Reason {
    /** All checks passed. <p>Nothing to do. */
    OK(Verdict.PASSED),
    /**
     * Segments that the target needs are missing from the archive.
     *
     * <p>Take a full backup now: it opens a new window. The verdict names the segments; PostgreSQL's log of that time
     * says why they were not archived.
     */
    WAL_GAP(Verdict.FAILED),
    /**
     * A segment is there but cannot be read or replayed, or is not what was archived.
     *
     * <p>Take a full backup now, then compare the segment with another repository's copy, if there is one.
     */
    WAL_DAMAGED(Verdict.FAILED),
    /**
     * Files of the backup are damaged or missing.
     *
     * <p>Take a full backup now. The verdict names the file; {@code holdfast list} names the newest backup that is
     * proven. Look at the storage.
     */
    BACKUP_DAMAGED(Verdict.FAILED),
    /**
     * The repository's own records are damaged or missing.
     *
     * <p>Put a good copy of {@code backup.info} or {@code archive.info} back from a snapshot of the storage; never run
     * {@code stanza-delete}.
     */
    REPOSITORY_DAMAGED(Verdict.FAILED),
    /**
     * PostgreSQL does not start on what was restored.
     *
     * <p>PostgreSQL's last words are in the verdict. Take a full backup and test it; if that fails too, the cluster
     * itself is at fault.
     */
    START_FAILED(Verdict.FAILED),
    /**
     * Recovery ended, but not where it was told to.
     *
     * <p>The archive ends before the point: test an earlier one, and find out why the rest was not archived.
     */
    TARGET_NOT_REACHED(Verdict.FAILED),
    /**
     * The restored content is damaged.
     *
     * <p>The verdict names the relation. The same damage is in production: check there before old backups expire, and
     * go back to an older proven one.
     */
    CONTENT_DAMAGED(Verdict.FAILED),
    /**
     * The restored content is sound, and not what the user demands of it.
     *
     * <p>The backup restores, and lacks what your assertions ask for: look at production first, then at the assertion.
     */
    ASSERTION_FAILED(Verdict.FAILED),
    /**
     * Retention removed the backup.
     *
     * <p>Ask for a test of a newer backup; lengthen retention if it should still be there.
     */
    EXPIRED(Verdict.EXPIRED),
    /** The request is malformed. <p>The verdict names the field. Correct the program that asked. */
    INVALID(Verdict.INCONCLUSIVE),
    /**
     * The request is past its time.
     *
     * <p>Ask again. If it happens often, the validators have too much to do: more of them, or fewer tests.
     */
    REQUEST_EXPIRED(Verdict.INCONCLUSIVE),
    /** Somebody cancelled it. <p>Nothing, if it was meant. */
    CANCELLED(Verdict.INCONCLUSIVE),
    /** No such backup was ever listed. <p>Compare the label with {@code holdfast list}. */
    UNKNOWN_BACKUP(Verdict.INCONCLUSIVE),
    /** The stanza has no backup. <p>Take a full backup: {@code holdfast backup STANZA --type full}. */
    NO_BACKUP(Verdict.INCONCLUSIVE),
    /**
     * The point asked for lies outside what backup and archive hold.
     *
     * <p>Ask {@code holdfast plan} what can be reached.
     */
    TARGET_UNREACHABLE(Verdict.INCONCLUSIVE),
    /**
     * The configuration, its secrets or its rights are wrong.
     *
     * <p>The verdict names the option, file or right. {@code holdfast doctor} on the validator's host finds most of
     * them.
     */
    CONFIGURATION(Verdict.INCONCLUSIVE),
    /**
     * The repository cannot be reached, or cannot be read any more.
     *
     * <p>See that the repository is mounted, or its host or bucket answers from the validator's host; ask again.
     */
    REPOSITORY_UNREACHABLE(Verdict.INCONCLUSIVE),
    /**
     * The container engine does not answer.
     *
     * <p>Start the container engine, or let the validator's user use its socket; ask again.
     */
    ENGINE(Verdict.INCONCLUSIVE),
    /**
     * The sandbox image is missing or lacks something.
     *
     * <p>Build what is missing: {@code deploy/images/build-sandbox} takes a PostgreSQL version, locales and packages.
     */
    IMAGE(Verdict.INCONCLUSIVE),
    /**
     * Not enough disk, or too few inodes, for the restored cluster.
     *
     * <p>Free space for the engine's volumes, or raise {@code HOLDFAST_SANDBOX_DISK}; ask again. {@code df} and
     * {@code df -i} tell which.
     */
    SPACE(Verdict.INCONCLUSIVE),
    /**
     * Not enough memory in the sandbox.
     *
     * <p>Raise {@code HOLDFAST_SANDBOX_MEMORY}, or lower what the cluster's own settings demand; ask again.
     */
    MEMORY(Verdict.INCONCLUSIVE),
    /**
     * The test took longer than allowed.
     *
     * <p>Raise {@code HOLDFAST_VALIDATOR_TIME_LIMIT}, or give the test faster storage and more processors.
     */
    TIMEOUT(Verdict.INCONCLUSIVE),
    /**
     * The sandbox failed in a way that says nothing about the backup.
     *
     * <p>The verdict has the engine's words. Ask again; if it stays so, the validator's log says more.
     */
    SANDBOX(Verdict.INCONCLUSIVE),
    /** A check could not run. <p>The verdict names the check and what kept it from running. */
    CHECK_NOT_RUN(Verdict.INCONCLUSIVE),
    /**
     * The archive changed in a way that no expiry and no archiving explains.
     *
     * <p>Find out what else writes into the repository: a restored copy that archives, or somebody's hand.
     */
    ARCHIVE_CHANGED(Verdict.INCONCLUSIVE),
    /**
     * Every validator that tried it died.
     *
     * <p>The validators' logs say why; mostly memory. Ask again when that is mended.
     */
    VALIDATOR_DIED(Verdict.INCONCLUSIVE);

    private final Verdict verdict;

    Reason(Verdict verdict) {
        this.verdict = verdict;
    }

    /** The verdict that this reason means. */
    public Verdict verdict() {
        return verdict;
    }
}
