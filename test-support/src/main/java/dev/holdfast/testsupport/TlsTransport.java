package dev.holdfast.testsupport;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** pgBackRest's own TLS server on both hosts ({@code pgbackrest server}), each side known by its certificate. */
public final class TlsTransport implements Transport {

    /** The name in the certificate of whoever calls. */
    public static final String CLIENT = "holdfast-client";

    private static final String HOST = "localhost";

    private final CertificateAuthority authority;
    private final CertificateAuthority.Certified client;
    private final Map<Host, Listener> listeners = new EnumMap<>(Host.class);
    private final Map<Host, Process> running = new EnumMap<>(Host.class);
    private final Path log;
    private final Runnable atExit = this::end;

    private record Listener(int port, CertificateAuthority.Certified certified) {}

    /**
     * A transport that nobody answers on yet.
     *
     * @param authority whom both sides believe
     */
    public TlsTransport(CertificateAuthority authority) {
        this.authority = authority;
        this.client = authority.issue(CLIENT);
        for (Host host : Host.values()) {
            listeners.put(host, new Listener(FreePorts.next(), authority.issue(HOST, HOST)));
        }
        this.log = DatabaseUser.newFolder("holdfast-tls-");
        Cleanup.atExit(atExit);
    }

    @Override
    public Map<String, String> optionsToReach(Host host, Path itsConfiguration) {
        return Map.of(
                "host", HOST,
                "host-type", "tls",
                "host-port", String.valueOf(listener(host).port()),
                "host-config", itsConfiguration.toString(),
                "host-ca-file", authority.certificate().toString(),
                "host-cert-file", client.certificate().toString(),
                "host-key-file", client.key().toString());
    }

    @Override
    public Map<String, String> ownOptions(Host host, String stanza) {
        Map<String, String> options = new TreeMap<>();
        options.put("tls-server-address", "127.0.0.1");
        options.put("tls-server-port", String.valueOf(listener(host).port()));
        options.put("tls-server-ca-file", authority.certificate().toString());
        options.put(
                "tls-server-cert-file", listener(host).certified().certificate().toString());
        options.put("tls-server-key-file", listener(host).certified().key().toString());
        options.put("tls-server-auth", CLIENT + "=" + stanza);
        // a host that is down is found down within seconds
        options.put("io-timeout", "5");
        return options;
    }

    @Override
    public void start(Host host, Path itsConfiguration) {
        List<String> command = DatabaseUser.as(
                List.of("pgbackrest", "server", "--config=" + itsConfiguration, "--log-level-console=info"));
        Path file = log.resolve(host.name());
        Process process = Processes.start(command, Map.of(), Path.of("/"), file);
        running.put(host, process);
        HttpProbe.awaitPort("pgbackrest server", listener(host).port(), process, file);
    }

    @Override
    public void stop(Host host) {
        Process process = running.remove(host);
        if (process != null) {
            Processes.stop(process);
        }
    }

    /** The port that answers on the host. */
    public int port(Host host) {
        return listener(host).port();
    }

    private Listener listener(Host host) {
        Listener listener = listeners.get(host);
        if (listener == null) {
            throw new IllegalArgumentException("no listener for " + host);
        }
        return listener;
    }

    @Override
    public void close() {
        Cleanup.forget(atExit);
        end();
    }

    private void end() {
        List.copyOf(running.keySet()).forEach(this::stop);
        Cleanup.delete(log);
    }
}
