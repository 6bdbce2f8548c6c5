package dev.holdfast.validator.proof;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A place where a backup is restored, checked and thrown away. Commands are argument lists and never pass a shell.
 *
 * <p>Every method may throw {@link ProofStopped} with ENGINE where the machinery, not the command, fails.
 */
public interface Sandbox extends AutoCloseable {

    /**
     * A command.
     *
     * @param arguments the program and its arguments
     * @param limit how long it may take
     */
    record Command(List<String> arguments, Duration limit) {

        /** Copies the list. */
        public Command {
            arguments = List.copyOf(arguments);
        }
    }

    /**
     * What a command left.
     *
     * @param exitCode its exit status
     * @param out its standard output
     * @param err its standard error, at most its first MiB
     */
    record Finished(int exitCode, String out, String err) {

        /** True if it exited with 0. */
        public boolean succeeded() {
            return exitCode == 0;
        }
    }

    /** A command that runs. */
    interface Running {

        /**
         * Waits for its end.
         *
         * @return its exit status; empty if it still runs after {@code limit}
         */
        Optional<Integer> await(Duration limit);
    }

    /** The one folder inside that can be written. */
    String workspace();

    /** The repository's folder, as a program inside names it; empty if it is no folder of this machine. */
    Optional<String> repository();

    /** Why the way to a repository elsewhere did not hold; empty if it did, or there is none. */
    Optional<String> brokenWay();

    /** How much may be written into the workspace, bytes. */
    long diskLimit();

    /** Runs a command to its end. Throws {@link ProofStopped} with TIMEOUT past its limit. */
    Finished run(Command command);

    /**
     * Starts a command that goes on.
     *
     * @param arguments the program and its arguments
     * @param lines takes each line that it writes, of either stream
     */
    Running start(List<String> arguments, Consumer<String> lines);

    /** Which kind: docker, process. */
    String kind();

    /** Identity of the image; empty where there is none. */
    Optional<String> imageDigest();

    /** Network mode, such as none. */
    String network();

    /** Limits in force by name; what the engine cannot enforce reads absent. */
    Map<String, String> limits();

    /** Removes it and all that was written in it. Never throws: what it could not remove, it logs. */
    @Override
    void close();
}
