package dev.holdfast.runner.setup;

import dev.holdfast.runner.backup.Failure;
import dev.holdfast.runner.backup.StanzaChecker;
import dev.holdfast.runner.repository.StanzaInfo;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The tool, as far as a set-up needs it. */
public interface SetupTool extends StanzaChecker {

    /** Why nothing can be run at all; empty if nothing stands against it. */
    Optional<Failure> trouble();

    /** Its version. */
    String version();

    /** A setting as a command of the stanza sees it; empty if it is not set. */
    Optional<String> setting(String stanza, String key);

    /** What stops the stanza; empty if nothing does. */
    Optional<String> pausedBy(String stanza);

    /**
     * What the repositories hold of the stanza.
     *
     * @throws RuntimeException if the tool refuses its configuration; the message is its own
     * @throws InterruptedException if the program is told to end
     */
    Optional<StanzaInfo> info(String stanza) throws InterruptedException;

    /** The command that {@link #create} runs, program first. */
    List<String> createCommand(String stanza);

    /**
     * Creates the stanza in every repository that lacks it.
     *
     * @return why that failed; empty if it did not
     * @throws InterruptedException if the program is told to end
     */
    Optional<Failure> create(String stanza) throws InterruptedException;

    /**
     * A small file in the archive of one of the stanza's clusters; empty if it is not there.
     *
     * @throws RuntimeException if the repository cannot be read; the message is the tool's own
     * @throws InterruptedException if the program is told to end
     */
    Optional<String> archived(String stanza, StanzaInfo.Database cluster, String name) throws InterruptedException;

    /** The command that {@link #push} runs, program first. */
    List<String> pushCommand(String stanza, Path file);

    /**
     * Archives a file of the cluster in every repository, as its {@code archive_command} would.
     *
     * @return why that failed; empty if it did not
     * @throws InterruptedException if the program is told to end
     */
    Optional<Failure> push(String stanza, Path file) throws InterruptedException;
}
