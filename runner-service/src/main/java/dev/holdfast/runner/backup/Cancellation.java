package dev.holdfast.runner.backup;

/**
 * Somebody wants a request to end.
 *
 * @param principal who
 * @param reason why, in their words
 */
public record Cancellation(String principal, String reason) {

    /** For messages. */
    public String words() {
        String by = "cancelled by " + RequestRules.quoted(principal);
        return reason.isBlank() ? by : by + ": " + RequestRules.quoted(reason);
    }
}
