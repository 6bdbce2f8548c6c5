package dev.holdfast.testsupport;

import java.nio.file.Path;
import java.util.Map;

/** How pgBackRest on one host reaches pgBackRest on another. Both hosts are this machine, each with its own files and port. */
public sealed interface Transport extends AutoCloseable permits TlsTransport, SshTransport {

    /** A host by what is on it. */
    enum Host {
        /** The one with the cluster. */
        DATABASE,
        /** The one with the repository. */
        REPOSITORY
    }

    /**
     * How the other host reaches this one: options without their prefix ({@code pg1-} or {@code repo1-}).
     *
     * @param itsConfiguration pgBackRest's configuration file on the host that is reached
     */
    Map<String, String> optionsToReach(Host host, Path itsConfiguration);

    /**
     * What the host's own configuration needs in {@code [global]}.
     *
     * @param stanza the one stanza that callers may name
     */
    Map<String, String> ownOptions(Host host, String stanza);

    /**
     * Begins to answer on the host.
     *
     * @param itsConfiguration pgBackRest's configuration file there
     */
    void start(Host host, Path itsConfiguration);

    /** Ends to answer on the host. */
    void stop(Host host);

    /** Ends to answer, and removes its files. */
    @Override
    void close();
}
