package dev.holdfast.runner.backup;

import java.util.Optional;

/** What a running execution asks and tells, every time the clock says so. */
public interface RunWatch {

    /** Why the run shall be ended; empty if it shall go on. */
    Optional<StopCause> stopCause();

    /** How far it is. Must not block: it is the run's heartbeat. */
    void progressed(Progress progress);
}
