package dev.holdfast.catalog.history;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where the projection is kept. */
public interface ProjectionStore {

    /**
     * Becomes the one projector.
     *
     * @return empty while another process is it
     * @throws StoreUnavailableException if the database does not answer
     */
    Optional<Session> tryLead();

    /** The right to write, for as long as the connection under it lives. One thread. */
    interface Session extends AutoCloseable {

        /** The offset to read next in each partition that was ever read. */
        Map<Partition, Long> nextOffsets();

        /**
         * Folds the records in and moves the offsets, in one transaction.
         *
         * @throws UnfitRecordException if a value among the records does not fit the database; nothing was written
         * @throws StoreUnavailableException if it is not known whether anything was written; the session has ended
         */
        void project(List<LogRecord> records, Map<Partition, Long> nextOffsets);

        /** Says that the session lives and whether it has read all there is. */
        void report(boolean caughtUp);

        /** True if somebody asked for a rebuild since this session began. */
        boolean rebuildWanted();

        /** A session of an empty projection beside this one, which goes on serving until {@link #finishRebuild}. */
        Session beginRebuild();

        /**
         * Makes of a projection that grew from nothing, once it has read all there is, what only answers need.
         *
         * @return true if there was something to make, which may have taken long enough for more to have come; false if it is ready
         */
        boolean prepareToServe();

        /** Makes the rebuilt projection, which is prepared for that, the one that is served. */
        void finishRebuild(Session rebuilt);

        @Override
        void close();
    }
}
