package dev.holdfast.catalog.history;

import java.util.List;

/** Hears what came into the projection that is served, once it is committed. */
@FunctionalInterface
public interface ProjectionWatcher {

    /**
     * Told by the projector's thread, which waits meanwhile; must not throw. After a crash records may be told of that had been told of before, or not at
     * all: only the projection counts each once.
     *
     * @param records as they were read, in their order
     */
    void projected(List<LogRecord> records);
}
