package dev.holdfast.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A packaged app ({@code <module>/target/app}) that runs as a process, as it does in production. */
public final class AppProcess implements AutoCloseable {

    private final String module;
    private final Process process;
    private final Path log;
    private final Runnable atExit;

    private AppProcess(String module, Process process, Path log) {
        this.module = module;
        this.process = process;
        this.log = log;
        this.atExit = () -> Processes.kill(process);
        Cleanup.atExit(atExit);
    }

    /** How to start an app. */
    public static final class Builder {

        private final String module;
        private final Map<String, String> environment = new HashMap<>();
        private final List<String> arguments = new ArrayList<>();
        private final List<String> jvm = new ArrayList<>();
        private @Nullable String readyUrl;
        private @Nullable Path log;
        private String heap = "256m";
        private Path checkout = Checkout.root();

        private Builder(String module) {
            this.module = module;
        }

        /** Sets an environment variable. */
        public Builder env(String name, Object value) {
            environment.put(name, value.toString());
            return this;
        }

        /** Adds arguments after the jar. */
        public Builder arguments(String... more) {
            arguments.addAll(List.of(more));
            return this;
        }

        /** {@link #start} waits until this URL answers 200. */
        public Builder readyAt(String url) {
            readyUrl = url;
            return this;
        }

        /** Another limit of the heap than 256 MB, as the JVM writes it, such as {@code 96m}. */
        public Builder heap(String limit) {
            heap = limit;
            return this;
        }

        /** Further flags of the JVM, which win over the usual ones. */
        public Builder jvm(String... flags) {
            jvm.addAll(List.of(flags));
            return this;
        }

        /** Another build than that of this checkout: its root, under which the modules' {@code target/app} lie. */
        public Builder builtIn(Path root) {
            checkout = root;
            return this;
        }

        /** Both its streams are appended to this file; a temporary one by default. */
        public Builder logTo(Path file) {
            log = file;
            return this;
        }

        /**
         * Starts it.
         *
         * @throws IllegalStateException if it is not packaged, or ends before it is ready
         */
        public AppProcess start() {
            Path file = log == null ? temporaryLog() : log;
            Process process =
                    Processes.start(command(), environment, Path.of(System.getProperty("java.io.tmpdir")), file);
            AppProcess app = new AppProcess(module, process, file);
            if (readyUrl != null) {
                HttpProbe.awaitReady(module, readyUrl, process, file);
            }
            return app;
        }

        /** Runs it to its end, for programs such as the command line interface. */
        public Command.Ended run() {
            return Command.run(command(), environment);
        }

        private List<String> command() {
            Path folder = checkout.resolve(module).resolve("target/app");
            Path jar = folder.resolve(module + ".jar");
            if (!Files.exists(jar)) {
                throw new IllegalStateException(
                        "%s is not there. Package it: ./mvnw -Dquick -pl %s -am package".formatted(jar, module));
            }
            List<String> command = new ArrayList<>(JavaCommand.start(heap, folder.resolve(module + ".aot")));
            command.addAll(jvm);
            command.addAll(List.of("-jar", jar.toString()));
            command.addAll(arguments);
            return command;
        }

        private Path temporaryLog() {
            try {
                Path file = Files.createTempFile("holdfast-" + module + "-", ".log");
                Cleanup.atExit(() -> Cleanup.delete(file));
                return file;
            } catch (IOException e) {
                throw new UncheckedIOException("no temporary file for the log of " + module, e);
            }
        }
    }

    /**
     * An app to be described further.
     *
     * @param module folder and jar name, such as {@code runner-service}
     */
    public static Builder of(String module) {
        return new Builder(module);
    }

    /** What it has written so far, both streams. */
    public String log() {
        return LogFile.text(log);
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** True until it has ended. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Its exit status; empty if it has not ended within the time. */
    public OptionalInt exitCode(long seconds) {
        try {
            return process.waitFor(seconds, TimeUnit.SECONDS)
                    ? OptionalInt.of(process.exitValue())
                    : OptionalInt.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + module, e);
        }
    }

    /** Kills it as a crash does (SIGKILL). Its children live on. Returns when it is gone. */
    public void kill9() {
        Cleanup.forget(atExit);
        Processes.kill(process);
    }

    /** Asks it to end (SIGTERM) and waits; kills it if it has not ended after half a minute. */
    @Override
    public void close() {
        Cleanup.forget(atExit);
        Processes.stop(process);
    }
}
