package dev.holdfast.runner.backup;

import java.util.List;
import java.util.Optional;

/**
 * What is about to be executed, as the durable intent tells it.
 *
 * @param arguments the argument list, program first
 * @param argumentDigest SHA-256 of it, hexadecimal
 * @param configurationHash SHA-256 of pgBackRest's configuration as the runner sees it, hexadecimal
 * @param systemId PostgreSQL's system identifier as the repository last told it; empty if it has not
 * @param toolVersion version of the pgBackRest executable
 */
public record RunPlan(
        List<String> arguments,
        String argumentDigest,
        String configurationHash,
        Optional<String> systemId,
        String toolVersion) {

    /** Copies what it is given. */
    public RunPlan {
        arguments = List.copyOf(arguments);
    }
}
