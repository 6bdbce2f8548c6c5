package dev.holdfast.validator.proof;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Pattern;

/** What an answer must be. */
public sealed interface Expectation {

    /** A number as people and PostgreSQL write it, short enough to be computed with. */
    Pattern NUMBER = Pattern.compile("[+-]?(\\d{1,40}(\\.\\d{0,40})?|\\.\\d{1,40})([eE][+-]?\\d{1,2})?");

    /** So much of an answer is shown. */
    int LONGEST_SHOWN = 200;

    /** What is wrong with the answer, in words; empty if nothing is. An empty answer is SQL's NULL. */
    Optional<String> complaint(Optional<String> answer);

    /** Exactly this text. */
    record Text(String value) implements Expectation {
        @Override
        public Optional<String> complaint(Optional<String> answer) {
            return answer.filter(value::equals).isPresent()
                    ? Optional.empty()
                    : Optional.of("expected '%s', found %s".formatted(value, Expectation.quoted(answer)));
        }
    }

    /**
     * A number.
     *
     * @param value what it should be
     * @param tolerance how far from it the answer may be, as a number of the same kind; zero for not at all
     */
    record Numeric(BigDecimal value, BigDecimal tolerance) implements Expectation {
        @Override
        public Optional<String> complaint(Optional<String> answer) {
            String wanted = tolerance.signum() == 0
                    ? value.toPlainString()
                    : "%s give or take %s".formatted(value.toPlainString(), tolerance.toPlainString());
            return Expectation.number(answer)
                            .filter(found -> found.subtract(value).abs().compareTo(tolerance) <= 0)
                            .isPresent()
                    ? Optional.empty()
                    : Optional.of("expected %s, found %s".formatted(wanted, Expectation.quoted(answer)));
        }
    }

    /** A number within bounds, themselves included; an empty bound bounds nothing. */
    record Between(Optional<BigDecimal> least, Optional<BigDecimal> most) implements Expectation {
        @Override
        public Optional<String> complaint(Optional<String> answer) {
            boolean within = Expectation.number(answer)
                    .filter(found ->
                            least.map(bound -> found.compareTo(bound) >= 0).orElse(true))
                    .filter(found ->
                            most.map(bound -> found.compareTo(bound) <= 0).orElse(true))
                    .isPresent();
            return within
                    ? Optional.empty()
                    : Optional.of("expected a number%s%s, found %s"
                            .formatted(
                                    least.map(bound -> " from " + bound.toPlainString())
                                            .orElse(""),
                                    most.map(bound -> " up to " + bound.toPlainString())
                                            .orElse(""),
                                    Expectation.quoted(answer)));
        }
    }

    private static Optional<BigDecimal> number(Optional<String> answer) {
        return answer.map(String::strip)
                .filter(text -> NUMBER.matcher(text).matches())
                .map(BigDecimal::new);
    }

    private static String quoted(Optional<String> answer) {
        return answer.map(text -> "'%s'".formatted(Lines.one(text, LONGEST_SHOWN)))
                .orElse("NULL");
    }
}
