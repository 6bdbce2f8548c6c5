package dev.holdfast.stories;

/** The order of the stories, where it matters: those without a number come first, in any order. */
final class Stories {

    /** Looks at what the other stories have left in the log. */
    static final int AFTER_THE_OTHERS = Integer.MAX_VALUE - 30;

    /** Ends the shared stack and looks for what it has left on the machine. */
    static final int AT_THE_END_OF_THE_STACK = Integer.MAX_VALUE - 20;

    /** Starts a local stack of its own, when the shared one has ended. */
    static final int AFTER_THE_STACK = Integer.MAX_VALUE - 10;

    private Stories() {}
}
