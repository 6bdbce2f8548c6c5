package dev.holdfast.validator.proof;

/** What it makes of a conclusion that the way to a repository elsewhere did not hold: then nothing was said of a backup. */
final class BrokenWay {

    private BrokenWay() {}

    /** The conclusion that stands. Damage that was found stays: the repository was read again before it was called that. */
    static Conclusion explain(Sandbox sandbox, Conclusion found) {
        return switch (found.reason()) {
            case SANDBOX, CONFIGURATION, REPOSITORY_UNREACHABLE ->
                sandbox.brokenWay()
                        .map(why -> new Conclusion(Reason.REPOSITORY_UNREACHABLE, why + "; " + found.message()))
                        .orElse(found);
            default -> found;
        };
    }
}
