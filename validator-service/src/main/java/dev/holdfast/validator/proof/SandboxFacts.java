package dev.holdfast.validator.proof;

import java.util.Map;
import java.util.Optional;

/**
 * Where a proof ran.
 *
 * @param kind docker or process
 * @param imageDigest identity of the image; empty for a process sandbox
 * @param network network mode
 * @param limits limits by name
 * @param inside how it looked from inside; empty if it never got that far
 */
public record SandboxFacts(
        String kind,
        Optional<String> imageDigest,
        String network,
        Map<String, String> limits,
        Optional<Inside> inside) {

    /** Copies the map. */
    public SandboxFacts {
        limits = Map.copyOf(limits);
    }
}
