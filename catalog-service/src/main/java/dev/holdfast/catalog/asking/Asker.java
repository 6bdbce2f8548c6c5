package dev.holdfast.catalog.asking;

/**
 * Who asks.
 *
 * @param name as it was proven at the border
 * @param established how it was proven
 */
public record Asker(String name, Established established) {

    /** How a name was proven. */
    public enum Established {
        OIDC,
        MUTUAL_TLS,
        /** Not at all: nobody has to log in on loopback. */
        UNKNOWN
    }
}
