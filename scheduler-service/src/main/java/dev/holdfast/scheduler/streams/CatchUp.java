package dev.holdfast.scheduler.streams;

/** Tells a task when it has read everything that its inputs held when it took them over. */
public interface CatchUp {

    /** Begins the watch of one partition's task; called when the task is assigned. */
    Watch of(int partition);

    /** The watch of one task. */
    interface Watch {

        /** A record of one of the task's inputs has been processed. */
        void passed(String topic, long offset);

        /** True once all has been read; stays true. */
        boolean isDone();

        /** The task goes elsewhere: nobody will ask any more. */
        void abandon();
    }

    /** For a log that is known to be new. */
    static CatchUp nothingToCatchUp() {
        return partition -> new Watch() {
            @Override
            public void passed(String topic, long offset) {
                // nothing is waited for
            }

            @Override
            public boolean isDone() {
                return true;
            }

            @Override
            public void abandon() {
                // nothing is running
            }
        };
    }
}
