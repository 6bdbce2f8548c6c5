package dev.holdfast.validator.proof;

import java.util.List;
import java.util.Optional;

/**
 * What the user demands of a stanza's restored content, beyond what every test checks.
 *
 * @param source where it is written, such as a file's name and its SHA-256; empty if nothing is demanded
 * @param assertions questions and their answers, in the file's order
 * @param schemaMustStay true if a schema that differs from the last proof's fails the test
 */
public record Demands(Optional<String> source, List<Assertion> assertions, boolean schemaMustStay) {

    /** Copies the list. */
    public Demands {
        assertions = List.copyOf(assertions);
    }

    /** Nothing is demanded. */
    public static Demands none() {
        return new Demands(Optional.empty(), List.of(), false);
    }
}
