package dev.holdfast.runner;

import dev.holdfast.testsupport.Command;
import dev.holdfast.testsupport.DatabaseUser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The runner's archive for a host, unpacked as its README says, on a host without Java: programs run as the cluster's user. */
final class HostPackage implements AutoCloseable {

    /** All that is needed of a host: a shell and a few small programs, PostgreSQL's client and pgBackRest. */
    private static final List<String> PROGRAMS = List.of(
            "/bin/sh",
            "/usr/bin/readlink",
            "/usr/bin/setsid",
            "/usr/bin/mkdir",
            "/usr/bin/sleep",
            "/usr/bin/id",
            "/usr/bin/pgbackrest",
            "/usr/lib/postgresql/15/bin/psql");

    private final Path folder;

    private HostPackage(Path folder) {
        this.folder = folder;
    }

    /** Assembles and unpacks it. */
    static HostPackage unpacked() {
        Path folder = DatabaseUser.newFolder("holdfast-host-");
        Path module = Path.of(System.getProperty("holdfast.root", "..")).resolve("runner-service");
        Command.output(List.of(
                module.resolve("host/assemble").toString(),
                module.resolve("target/app").toString(),
                folder.resolve("built").toString()));
        HostPackage host = new HostPackage(folder);
        Command.output(List.of("mkdir", host.opt().toString(), host.path().toString()));
        Command.output(List.of(
                "tar",
                "-xzf",
                folder.resolve("built/holdfast-runner.tar.gz").toString(),
                "-C",
                host.opt().toString()));
        PROGRAMS.forEach(program ->
                Command.output(List.of("ln", "-s", program, host.path().toString())));
        return host;
    }

    /** Where it is unpacked. */
    Path home() {
        return opt().resolve("holdfast-runner");
    }

    private Path opt() {
        return folder.resolve("opt");
    }

    private Path path() {
        return folder.resolve("bin");
    }

    /** A folder that the cluster's user may write. */
    Path state() {
        Path state = folder.resolve("state");
        Command.output(DatabaseUser.as(List.of("mkdir", "-p", state.toString())));
        return state;
    }

    /** Runs the program to its end as the cluster's user, with these settings alone. */
    Command.Ended run(Map<String, String> settings, String... arguments) {
        return Command.run(DatabaseUser.as(line(settings, arguments)), Map.of());
    }

    /** The same as the test's own user. */
    Command.Ended runAsTheTestsUser(Map<String, String> settings, String... arguments) {
        return Command.run(line(settings, arguments), Map.of());
    }

    /** Starts the program as the cluster's user, with these settings alone; its output goes to the log. */
    Process start(Map<String, String> settings, Path log) {
        try {
            return new ProcessBuilder(DatabaseUser.as(line(settings)))
                    .directory(Path.of("/").toFile())
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> line(Map<String, String> settings, String... arguments) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("PATH", path().toString());
        all.putIfAbsent("HOLDFAST_RUNNER_ENV", "/nowhere");
        List<String> line = new ArrayList<>(List.of("env", "--ignore-environment"));
        all.forEach((name, value) -> line.add(name + "=" + value));
        line.add(home().resolve("bin/holdfast-runner").toString());
        line.addAll(List.of(arguments));
        return line;
    }

    /** Writes a file of settings, as {@code /etc/holdfast/runner.env} is one. */
    Path settingsFile(String text) {
        Path file = folder.resolve("runner.env");
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    @Override
    public void close() {
        Command.output(List.of("rm", "-rf", folder.toString()));
    }
}
