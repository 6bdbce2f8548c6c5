package dev.holdfast.validator.proof;

/** How to choose a backup where the request names none. */
public enum Selection {
    /** The one that ended last. */
    NEWEST,
    /** The one that ended first of all that are kept. */
    OLDEST,
    /** Any of them. */
    RANDOM,
    /** The one whose last pass lies furthest back, never proven ones first. */
    LEAST_PROVEN
}
