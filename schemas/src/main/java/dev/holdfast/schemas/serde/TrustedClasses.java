package dev.holdfast.schemas.serde;

import org.apache.avro.util.ClassSecurityValidator;

/**
 * Tells Avro that the generated classes may be instantiated. Since 1.12.2 it refuses every class that nobody has vouched
 * for, in readers and writers alike.
 */
final class TrustedClasses {

    private static final String OURS = "dev.holdfast.events.";

    static {
        var before = ClassSecurityValidator.getGlobal();
        ClassSecurityValidator.setGlobal(type -> type.getName().startsWith(OURS) || before.isTrusted(type));
    }

    private TrustedClasses() {}

    /** Has an effect once, by loading this class. */
    static void install() {
        // the static initializer did it
    }
}
