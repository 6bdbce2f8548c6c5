package dev.holdfast.validator.proof;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * What is to be proven, checked and safe to hand to a program.
 *
 * @param testId identity of the test; also names its sandbox
 * @param stanza a valid stanza name that this validator serves
 * @param repository pgBackRest's repository number; empty for its default
 * @param label the backup to restore; empty to let {@code selection} choose
 * @param selection how to choose
 * @param target the point to reach
 */
public record TestOrder(
        UUID testId,
        String stanza,
        OptionalInt repository,
        Optional<String> label,
        Selection selection,
        Target target) {}
