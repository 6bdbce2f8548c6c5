package dev.holdfast.scheduler.policy;

/**
 * One thing that is wrong with a policy's text.
 *
 * @param line 1 for the first
 * @param column 1 for the first
 * @param field path of the field, such as {@code backups[0].cron}; empty for the whole document
 * @param message what was found and what was expected
 */
public record PolicyProblem(int line, int column, String field, String message) {

    @Override
    public String toString() {
        return "line %d%s: %s".formatted(line, field.isEmpty() ? "" : ", " + field, message);
    }
}
