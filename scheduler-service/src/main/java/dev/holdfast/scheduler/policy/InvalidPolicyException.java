package dev.holdfast.scheduler.policy;

import java.util.List;
import java.util.stream.Collectors;

/** A text that is no policy. Its author has to change it; trying again does not help. */
public final class InvalidPolicyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<PolicyProblem> problems;

    /** With everything that is wrong, at least one thing. */
    public InvalidPolicyException(List<PolicyProblem> problems) {
        super(problems.stream().map(PolicyProblem::toString).collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
    }

    /** What is wrong, in the order of the text. */
    public List<PolicyProblem> problems() {
        return problems;
    }
}
