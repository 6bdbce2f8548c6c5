package dev.holdfast.validator.proof;

import java.time.Duration;

/**
 * What the user demands of the restored content.
 *
 * @param name unique within its file; names the check
 * @param database where the question is asked
 * @param sql one query; its first column in its only row is the answer
 * @param expected what the answer must be
 * @param severity what it means if the answer is another one
 * @param limit how long the query may take
 */
public record Assertion(
        String name, String database, String sql, Expectation expected, Severity severity, Duration limit) {

    /** What a wrong answer means. */
    public enum Severity {
        /** The check fails and the verdict stays. */
        WARN,
        /** The test fails. */
        FAIL
    }

    /** The name of its check in the event. */
    public String check() {
        return Check.ASSERTION_PREFIX + name;
    }
}
