package dev.holdfast.validator.sandbox;

import java.util.Map;
import java.util.function.Function;

/**
 * How sandboxes are made.
 *
 * @param image name of the image, without the major version's tag where it has none
 * @param owner pool, instance and key: marks what is this validator's
 * @param memoryBytes memory limit
 * @param diskBytes how much a restored cluster may take
 * @param processes limit of processes and threads
 * @param cpus how many processors it may use
 * @param environment variables of every command inside, by the workspace
 */
public record SandboxSettings(
        String image,
        String owner,
        long memoryBytes,
        long diskBytes,
        long processes,
        int cpus,
        Function<String, Map<String, String>> environment) {}
