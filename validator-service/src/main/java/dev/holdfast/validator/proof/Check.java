package dev.holdfast.validator.proof;

import java.time.Duration;

/**
 * One check of a proof.
 *
 * @param name its name in the event, one of the constants here
 * @param outcome how it ended
 * @param took how long it took
 * @param detail what was found, for people
 */
public record Check(String name, Outcome outcome, Duration took, String detail) {

    /** How the detail of a check begins that could not run because the image has not what the database needs. */
    public static final String IMAGE_LACKS = "the sandbox image lacks";

    /** What PostgreSQL says of a database whose locale its machine does not have. */
    public static final String LOCALE_LACKS = "database locale is incompatible with operating system";

    /** The archive holds every segment that the target needs. */
    public static final String WAL_CONTINUITY = "wal-continuity";

    /** pgBackRest restored every file and their checksums agree. */
    public static final String RESTORE = "restore";

    /** Recovery ended where it was told to end. */
    public static final String RECOVERY_TARGET = "recovery-target";

    /** The restored cluster is the one that the repository says it is. */
    public static final String SYSTEM_IDENTITY = "system-identity";

    /** Every database was dumped. */
    public static final String DUMP = "dump";

    /** pg_amcheck over every table and index. */
    public static final String AMCHECK = "amcheck";

    /** The checksum of every page. */
    public static final String PAGE_CHECKSUMS = "page-checksums";

    /** Every database answers a query. */
    public static final String QUERY = "query";

    /** The archive is the same after the test as before it. */
    public static final String ARCHIVE_UNTOUCHED = "archive-untouched";

    /** pgBackRest's own verification of the whole repository, read set by set. */
    public static final String VERIFY = "verify";

    /** The catalog is the same as in the last proof. */
    public static final String SCHEMA = "schema";

    /** How much is in the tables, and how fresh it is. */
    public static final String ROWS = "rows";

    /** How the name of a check begins that is an assertion of the user's. */
    public static final String ASSERTION_PREFIX = "assertion:";

    /** How a check ended. What could not run has not passed. */
    public enum Outcome {
        PASSED,
        FAILED,
        NOT_RUN
    }

    /** A check that found all well. */
    public static Check passed(String name, Duration took, String detail) {
        return new Check(name, Outcome.PASSED, took, detail);
    }

    /** A check that found a fault. */
    public static Check failed(String name, Duration took, String detail) {
        return new Check(name, Outcome.FAILED, took, detail);
    }

    /** A check that could not run, and why. */
    public static Check notRun(String name, String why) {
        return new Check(name, Outcome.NOT_RUN, Duration.ZERO, why);
    }

    /** True if it ran and found all well. */
    public boolean isPassed() {
        return outcome == Outcome.PASSED;
    }
}
