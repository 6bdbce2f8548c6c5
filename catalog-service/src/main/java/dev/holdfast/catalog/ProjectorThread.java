package dev.holdfast.catalog;

import dev.holdfast.catalog.history.Projector;
import org.springframework.context.SmartLifecycle;

/** Gives the projector a thread once everything is wired, and lets it end its transaction before the process ends. */
final class ProjectorThread implements SmartLifecycle {

    private static final long END_MILLIS = 10_000;

    private final Projector projector;
    private final Thread thread;
    private final boolean wanted;

    ProjectorThread(Projector projector, boolean wanted) {
        this.projector = projector;
        this.wanted = wanted;
        this.thread = Thread.ofPlatform().name("projector").daemon(true).unstarted(projector);
    }

    @Override
    public void start() {
        if (wanted) {
            thread.start();
        }
    }

    @Override
    public void stop() {
        projector.stop();
        try {
            thread.join(END_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return thread.isAlive();
    }
}
