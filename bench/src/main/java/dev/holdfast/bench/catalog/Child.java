package dev.holdfast.bench.catalog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A Java program beside the figure; it ends with it, whatever happens. */
final class Child implements AutoCloseable {

    private final Process process;
    private final Thread atExit;

    private Child(Process process) {
        this.process = process;
        this.atExit = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /**
     * @param log where both its streams go
     * @param classPath as for {@code java -cp}
     * @param command main class and arguments
     */
    static Child java(Path log, String classPath, Map<String, String> environment, String... command) {
        return start(log, List.of("-Xmx512m", "-XX:+UseSerialGC", "-cp", classPath), environment, command);
    }

    /** The same without any flag, as somebody starts a program who has not thought about flags. */
    static Child ordinary(Path log, String classPath, String... command) {
        return start(log, List.of("-cp", classPath), Map.of(), command);
    }

    private static Child start(Path log, List<String> flags, Map<String, String> environment, String... command) {
        List<String> all = new ArrayList<>();
        all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        all.addAll(flags);
        all.addAll(List.of(command));
        ProcessBuilder builder =
                new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        try {
            return new Child(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command[0], e);
        }
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, java.util.concurrent.TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().removeShutdownHook(atExit);
    }
}
