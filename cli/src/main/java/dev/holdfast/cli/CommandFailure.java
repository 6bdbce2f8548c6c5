package dev.holdfast.cli;

/** Ends a command with a message for people on stderr and an exit status for programs. */
public final class CommandFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ExitStatus status;

    private CommandFailure(ExitStatus status, String message) {
        super(message);
        this.status = status;
    }

    /** The command line cannot mean anything: {@code message} says the rule. */
    public static CommandFailure usage(String message) {
        return new CommandFailure(ExitStatus.USAGE, message);
    }

    /** Done, with a bad result. */
    public static CommandFailure bad(String message) {
        return new CommandFailure(ExitStatus.BAD, message);
    }

    /** A service is there and does not let the user in: the question stays without an answer. */
    public static CommandFailure refused(String message) {
        return new CommandFailure(ExitStatus.UNREACHABLE, message);
    }

    /**
     * A service does not answer.
     *
     * @param what its name for people
     * @param where its address
     * @param why what happened
     * @param remedy what to do
     */
    public static CommandFailure unreachable(String what, String where, String why, String remedy) {
        return new CommandFailure(
                ExitStatus.UNREACHABLE, "cannot reach %s at %s (%s). %s".formatted(what, where, why, remedy));
    }

    /** How the process shall end. */
    public ExitStatus status() {
        return status;
    }
}
