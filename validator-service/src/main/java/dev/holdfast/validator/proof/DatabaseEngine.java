package dev.holdfast.validator.proof;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the proof wants of PostgreSQL inside the sandbox. */
public interface DatabaseEngine {

    /**
     * What the restored cluster's control file says.
     *
     * @param systemId its identity
     * @param segmentBytes size of a WAL segment
     * @param pageChecksums true if pages carry checksums
     * @param settings settings that recovery must not go below, by PostgreSQL's names
     */
    record Control(String systemId, long segmentBytes, boolean pageChecksums, List<Setting> settings) {

        /** Copies the list. */
        public Control {
            settings = List.copyOf(settings);
        }
    }

    /** A setting. */
    record Setting(String name, String value) {}

    /** A server that was started. */
    interface Server {

        /** Waits until recovery is over and connections are taken, or the server has ended. True if it takes connections. */
        boolean awaitReady(Duration limit);

        /** What it wrote so far. */
        RecoveryLog log();
    }

    /** Asks what the user wants to know, as a role that may read everything and change nothing. */
    interface Questions {

        /** Asks one question. */
        Reply ask(Assertion assertion);
    }

    /**
     * What a query of the running server told.
     *
     * @param version PostgreSQL's version
     * @param inRecovery true if it has not been promoted
     * @param replayed the position behind the last record replayed; empty if none was
     * @param query whether each database answered
     */
    record Answers(String version, boolean inRecovery, Optional<Lsn> replayed, Check query) {}

    /** Prepares the workspace and tells how the sandbox looks from inside. */
    Inside prepare(Sandbox sandbox);

    /** Reads the control file of the restored cluster. */
    Control control(Sandbox sandbox);

    /** Starts the server with everything overridden that reaches outside. */
    Server start(Sandbox sandbox, Control control, BackupEngine.Plan plan);

    /** Asks the server and each of its databases. */
    Answers ask(Sandbox sandbox);

    /** Dumps everything to nowhere. */
    Check dump(Sandbox sandbox);

    /** Runs pg_amcheck over everything. */
    Check amcheck(Sandbox sandbox);

    /**
     * Takes down what is in every database. Whatever cannot be read is said in the answer, not thrown.
     *
     * @param limit how long it may take; tables that are not counted by then are left out
     */
    Inventory inventory(Sandbox sandbox, Duration limit);

    /** Prepares the cluster so that no question of the user's can do more than read. Comes after the checks of its content. */
    Questions questions(Sandbox sandbox);

    /** Stops the server as an operator would. */
    void stop(Sandbox sandbox);

    /** Reads every page of the stopped cluster. */
    Check pageChecksums(Sandbox sandbox, Control control);

    /** True if the sandbox ran out of memory at any time. */
    boolean ranOutOfMemory(Sandbox sandbox);

    /** True if nothing more can be written into the sandbox's workspace: its file system is out of blocks or of inodes. */
    boolean ranOutOfSpace(Sandbox sandbox);
}
