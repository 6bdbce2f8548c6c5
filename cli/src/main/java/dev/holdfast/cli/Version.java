package dev.holdfast.cli;

import java.util.Objects;

/** The version of this program, from its jar's manifest. */
public final class Version {

    private Version() {}

    /** Such as {@code 0.1.0}; {@code unpackaged} where the classes don't come from the jar. */
    public static String number() {
        return Objects.requireNonNullElse(Version.class.getPackage().getImplementationVersion(), "unpackaged");
    }
}
