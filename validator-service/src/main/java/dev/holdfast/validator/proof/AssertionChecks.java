package dev.holdfast.validator.proof;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The user's assertions and what became of them.
 *
 * @param checks one for each assertion, in order
 * @param conclusion the end of the test that they call for; empty if none with severity fail failed or could not be asked
 */
record AssertionChecks(List<Check> checks, Optional<Conclusion> conclusion) {

    /** An assertion that was asked. */
    record Asked(Assertion assertion, Reply reply, Duration took) {

        Check check() {
            String name = assertion.check();
            return switch (reply) {
                case Reply.Value(Optional<String> value) ->
                    assertion
                            .expected()
                            .complaint(value)
                            .map(complaint -> Check.failed(name, took, severity() + complaint + ": " + sql()))
                            .orElseGet(() -> Check.passed(
                                    name,
                                    took,
                                    "found %s: %s"
                                            .formatted(
                                                    value.map(text -> Lines.one(text, Expectation.LONGEST_SHOWN))
                                                            .orElse("NULL"),
                                                    sql())));
                case Reply.Lacking(String why) -> Check.failed(name, took, severity() + why + ": " + sql());
                case Reply.Unasked(String why) -> Check.notRun(name, severity() + why + ": " + sql());
            };
        }

        private String severity() {
            return assertion.severity() == Assertion.Severity.WARN ? "(only a warning) " : "";
        }

        private String sql() {
            return "database %s, %s".formatted(assertion.database(), Lines.one(assertion.sql(), 300));
        }
    }

    static AssertionChecks of(List<Asked> asked) {
        return new AssertionChecks(
                asked.stream().map(Asked::check).toList(),
                first(asked, Check.Outcome.FAILED)
                        .map(check -> new Conclusion(
                                Reason.ASSERTION_FAILED,
                                "the restored content is sound and is not what is demanded of it: %s: %s"
                                        .formatted(check.name(), check.detail())))
                        .or(() -> first(asked, Check.Outcome.NOT_RUN)
                                .map(check -> new Conclusion(
                                        Reason.CHECK_NOT_RUN,
                                        "the check %s could not run: %s".formatted(check.name(), check.detail())))));
    }

    private static Optional<Check> first(List<Asked> asked, Check.Outcome outcome) {
        return asked.stream()
                .filter(one -> one.assertion().severity() == Assertion.Severity.FAIL)
                .map(Asked::check)
                .filter(check -> check.outcome() == outcome)
                .findFirst();
    }
}
