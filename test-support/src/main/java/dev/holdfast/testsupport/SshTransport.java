package dev.holdfast.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** SSH on a loopback port: OpenSSH's server as the database's user, with keys of its own. */
public final class SshTransport implements Transport {

    private static final Path SERVER = Path.of("/usr/sbin/sshd");
    private static final String ADDRESS = "127.0.0.1";

    private final Path folder = DatabaseUser.newFolder("holdfast-ssh-");
    private final int port = FreePorts.next();
    private final Runnable atExit = this::end;
    private Optional<Process> running = Optional.empty();

    /** A transport that nobody answers on yet. */
    public SshTransport() {
        if (!Files.exists(SERVER)) {
            throw new IllegalStateException("no %s on this machine; run deploy/local/prepare".formatted(SERVER));
        }
        Cleanup.atExit(atExit);
        newKey("host");
        newKey("client");
        // whoever has the key may speak to pgBackRest, and gets no shell
        write("authorized", "restrict,command=\"pgbackrest ${SSH_ORIGINAL_COMMAND#* }\" " + read("client.pub"));
        trustHost();
        write("client.conf", """
                IdentityFile %1$s/client
                IdentitiesOnly yes
                UserKnownHostsFile %1$s/known
                StrictHostKeyChecking yes
                BatchMode yes
                """.formatted(folder));
        write("sshd.conf", """
                ListenAddress %2$s
                Port %3$d
                HostKey %1$s/host
                AuthorizedKeysFile %1$s/authorized
                # the folder lies in one that everybody may write
                StrictModes no
                UsePAM no
                PasswordAuthentication no
                KbdInteractiveAuthentication no
                PidFile none
                """.formatted(folder, ADDRESS, port));
        write("ssh", "#!/bin/sh\nexec ssh -F %s/client.conf \"$@\"\n".formatted(folder));
        Command.output(List.of("chmod", "0755", folder.resolve("ssh").toString()));
    }

    @Override
    public Map<String, String> optionsToReach(Host host, Path itsConfiguration) {
        return Map.of(
                "host", ADDRESS,
                "host-port", String.valueOf(port),
                "host-user", DatabaseUser.name(),
                "host-config", itsConfiguration.toString());
    }

    @Override
    public Map<String, String> ownOptions(Host host, String stanza) {
        return Map.of("cmd-ssh", folder.resolve("ssh").toString());
    }

    /** One server answers for both hosts. */
    @Override
    public void start(Host host, Path itsConfiguration) {
        if (running.isEmpty()) {
            Path log = folder.resolve("sshd.log");
            Process process = Processes.start(
                    DatabaseUser.as(List.of(
                            SERVER.toString(),
                            "-D",
                            "-e",
                            "-f",
                            folder.resolve("sshd.conf").toString())),
                    Map.of(),
                    Path.of("/"),
                    log);
            running = Optional.of(process);
            HttpProbe.awaitPort("sshd", port, process, log);
        }
    }

    @Override
    public void stop(Host host) {
        running.ifPresent(Processes::stop);
        running = Optional.empty();
    }

    /** Lets callers know the server's key, as they do after {@code ssh-keyscan}. */
    public void trustHost() {
        write("known", "[%s]:%d %s".formatted(ADDRESS, port, read("host.pub")));
    }

    /** Lets callers forget it. */
    public void forgetHost() {
        write("known", "");
    }

    private void newKey(String name) {
        Command.output(DatabaseUser.as(List.of(
                "ssh-keygen",
                "-q",
                "-t",
                "ed25519",
                "-N",
                "",
                "-f",
                folder.resolve(name).toString())));
    }

    private String read(String name) {
        try {
            return Files.readString(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name + " in " + folder, e);
        }
    }

    private void write(String name, String text) {
        try {
            Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + name + " in " + folder, e);
        }
    }

    @Override
    public void close() {
        Cleanup.forget(atExit);
        end();
    }

    private void end() {
        stop(Host.DATABASE);
        Cleanup.delete(folder);
    }
}
