package dev.holdfast.cli.screen;

/** How an answer is written. */
public enum Format {
    /** For people. */
    TABLE,
    /** For programs: keys as in the HTTP API, values raw. */
    JSON,
    /** The same as JSON, for people who prefer it. */
    YAML
}
