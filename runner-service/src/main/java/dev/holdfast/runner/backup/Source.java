package dev.holdfast.runner.backup;

import java.util.Optional;

/**
 * Where a request lies in the request topic. Two records with one request id are two requests; one record that is
 * delivered twice is one. Every fact carries it as a header, so that after a crash the two can be told apart.
 *
 * @param partition of the request topic
 * @param offset in it
 */
public record Source(int partition, long offset) {

    /** Name of the header. */
    public static final String HEADER = "holdfast-request-position";

    /** The header's text, such as {@code 3:42}. */
    public String text() {
        return partition + ":" + offset;
    }

    /** Reads the header; empty where it is none of ours. */
    public static Optional<Source> parse(String text) {
        int colon = text.indexOf(':');
        try {
            return Optional.of(new Source(
                    Integer.parseInt(text.substring(0, Math.max(colon, 0))),
                    Long.parseLong(text.substring(colon + 1))));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
