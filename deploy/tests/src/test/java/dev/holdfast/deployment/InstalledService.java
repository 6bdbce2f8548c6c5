package dev.holdfast.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.Command;
import dev.holdfast.testsupport.outside.Http;
import dev.holdfast.testsupport.outside.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The command of an installed unit, started as the unit says, in a container of its own in systemd's place: as its user, with its
 * environment, its file of settings and its credentials, without capabilities, under its system call filter, and on a file system
 * where it may write its own folders only ({@code ProtectSystem=strict}) or whatever its user may (the runner).
 */
final class InstalledService implements AutoCloseable {

    /** Where services find the machine's container engine, if they may use it: a member of its group may. */
    static final String ENGINE = "/engine.sock";

    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin";

    /** Folders that systemd makes for a unit, by setting. */
    private static final Map<String, String> FOLDERS = Map.of(
            "StateDirectory", "/var/lib/",
            "LogsDirectory", "/var/log/");

    private final UnitFile unit;
    private final String container;

    private InstalledService(UnitFile unit, String container) {
        this.unit = unit;
        this.container = container;
    }

    static InstalledService started(
            TargetHost host,
            String hostContainer,
            List<String> label,
            String image,
            UnitFile unit,
            Map<String, String> more) {
        Account account = Account.of(host, unit);
        List<String> command = new ArrayList<>(List.of("docker", "run", "--detach", "--network=host"));
        command.addAll(label);
        command.addAll(List.of("--user=%d:%d".formatted(account.uid(), account.gid())));
        account.groups().forEach(group -> command.add("--group-add=" + group));
        command.addAll(List.of("--cap-drop=ALL", "--security-opt=no-new-privileges", "--read-only"));
        command.add("--workdir=" + unit.required("WorkingDirectory"));
        command.addAll(folders(host, hostContainer, unit, account));
        command.add("--volume=/var/run/docker.sock:" + ENGINE);
        environment(host, unit, account, more)
                .forEach((name, value) -> command.addAll(List.of("--env", name + "=" + value)));
        command.add("--entrypoint=" + unit.required("ExecStart"));
        return new InstalledService(unit, run(command, UnitsSystemCalls.profile(unit), image));
    }

    private static String run(List<String> command, String profile, String image) {
        try {
            Path file = Files.createTempFile("holdfast-seccomp-", ".json");
            try {
                Files.writeString(file, profile);
                command.addAll(List.of("--security-opt=seccomp=" + file, image));
                return Command.output(command).strip();
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write a profile for the container engine", e);
        }
    }

    /** Who a unit runs as. */
    private record Account(String name, int uid, int gid, List<String> groups) {

        static Account of(TargetHost host, UnitFile unit) {
            String user = unit.required("User");
            List<String> ids = host.run("id -u %s; id -g %s; id -G %s; getent passwd %s"
                            .formatted(user, unit.required("Group"), user, user))
                    .lines()
                    .toList();
            return new Account(
                    user,
                    Integer.parseInt(ids.get(0)),
                    Integer.parseInt(ids.get(1)),
                    Arrays.asList(ids.get(2).split(" ")));
        }
    }

    /** Makes the unit's folders, and says what of the host the service sees, and what it may write. */
    private static List<String> folders(TargetHost host, String hostContainer, UnitFile unit, Account account) {
        List<String> folders = FOLDERS.entrySet().stream()
                .flatMap(kind -> unit.words(kind.getKey()).stream().map(name -> kind.getValue() + name))
                .toList();
        folders.forEach(folder -> host.run("install -d -m 755 $(dirname %s); install -d -o %s -m 750 %s"
                .formatted(folder, account.name(), folder)));
        if (!unit.required("ProtectSystem").equals("strict")) {
            return List.of("--volumes-from=" + hostContainer, "--pid=container:" + hostContainer);
        }
        assertThat(unit.required("PrivateTmp")).isEqualTo("yes");
        return Stream.concat(
                        Stream.of("--volumes-from=" + hostContainer + ":ro", "--tmpfs=/tmp:exec,mode=1777"),
                        folders.stream()
                                .map(folder -> "--tmpfs=%s:exec,uid=%d,gid=%d,mode=750"
                                        .formatted(folder, account.uid(), account.gid())))
                .toList();
    }

    private static Map<String, String> environment(
            TargetHost host, UnitFile unit, Account account, Map<String, String> more) {
        Map<String, String> variables = new LinkedHashMap<>(Map.of("PATH", PATH, "USER", account.name(), "HOME", "/"));
        assignments(unit.words("Environment").stream()).forEach(variables::put);
        for (String file : unit.all("EnvironmentFile")) {
            assignments(host.run("cat " + file).lines()).forEach(variables::put);
        }
        unit.last("LoadCredential").ifPresent(folder -> {
            String credentials = "/run/credentials/" + unit.name();
            load(host, account, credentials, folder.split(":"));
            variables.put("CREDENTIALS_DIRECTORY", credentials);
        });
        variables.putAll(more);
        return variables;
    }

    /** As systemd does with a folder: each of its files, its name behind the credential's and an underscore. */
    private static void load(TargetHost host, Account account, String credentials, String[] named) {
        host.run("""
                install -d -m 700 -o %1$s %2$s
                for file in %4$s/*; do
                  [ ! -f "$file" ] || install -m 400 -o %1$s "$file" "%2$s/%3$s_${file##*/}"
                done
                """.formatted(account.name(), credentials, named[0], named[1]));
    }

    private static Map<String, String> assignments(Stream<String> lines) {
        Map<String, String> variables = new LinkedHashMap<>();
        lines.filter(line -> line.matches("\\w+=.*"))
                .forEach(line ->
                        variables.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
        return variables;
    }

    /** Waits until the address answers well. */
    void awaitReady(String address) {
        Patience.until(unit.name() + " ready", () -> {
            assertThat(isRunning()).as(log()).isTrue();
            assertThat(answer(address)).as(log()).contains(200);
        });
    }

    private static Optional<Integer> answer(String address) {
        try {
            return Optional.of(
                    new Http(address).get("/actuator/health/readiness").status());
        } catch (UncheckedIOException notYet) {
            return Optional.empty();
        }
    }

    private boolean isRunning() {
        return inspect("{{.State.Running}}").equals("true");
    }

    private String inspect(String format) {
        return Command.output(List.of("docker", "inspect", "--format=" + format, container))
                .strip();
    }

    /** Ends it as systemd does, with SIGTERM, and gives its exit status. */
    int stop() {
        Command.output(List.of("docker", "stop", "--time=" + unit.required("TimeoutStopSec"), container));
        return Integer.parseInt(inspect("{{.State.ExitCode}}"));
    }

    /** Waits until it has ended by itself, and gives its exit status. */
    int end() {
        Patience.until(
                unit.name() + " ended", () -> assertThat(isRunning()).as(log()).isFalse());
        return Integer.parseInt(inspect("{{.State.ExitCode}}"));
    }

    /** What it has written so far, both streams. */
    String log() {
        Command.Ended logs = Command.run(List.of("docker", "logs", container), Map.of());
        return logs.stdout() + logs.stderr();
    }

    @Override
    public void close() {
        Command.output(List.of("docker", "rm", "--force", container));
    }
}
