package dev.holdfast.validator.pgbackrest;

import dev.holdfast.validator.proof.ProofStopped;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.RepositoryPlace;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The address of a repository that is no folder of this machine: S3-compatible storage, or a host with pgBackRest's TLS server. */
final class RemoteRepository {

    private static final String HTTPS_PORT = "443";
    private static final String TLS_SERVER_PORT = "8432";
    private static final Pattern ENDPOINT = Pattern.compile("(?:https://)?([^/:]+)(?::(\\d{1,5}))?/?");
    private static final Pattern NUMERIC = Pattern.compile("[0-9.]+|\\[.*]|.*:.*:.*");

    private final ConfigurationFile file;
    private final String stanza;
    private final int repository;

    private RemoteRepository(ConfigurationFile file, String stanza, int repository) {
        this.file = file;
        this.stanza = stanza;
        this.repository = repository;
    }

    /**
     * Where it is; empty if it is a folder of this machine.
     *
     * @throws ProofStopped with CONFIGURATION if a sandbox cannot get there
     */
    static Optional<RepositoryPlace.Remote> of(ConfigurationFile file, String stanza, int repository) {
        return new RemoteRepository(file, stanza, repository).place();
    }

    private Optional<RepositoryPlace.Remote> place() {
        Optional<String> host = value("host");
        if (host.isPresent()) {
            return Optional.of(repositoryHost(host.get()));
        }
        String type = value("type").orElse("posix");
        return switch (type) {
            case "posix", "cifs" -> Optional.empty();
            case "s3" -> Optional.of(s3());
            default ->
                throw refused(
                        "is of type %s, which no sandbox is led to yet; s3, a repository host over TLS, or a folder of this machine are"
                                .formatted(type));
        };
    }

    private RepositoryPlace.Remote repositoryHost(String host) {
        if (!value("host-type").orElse("ssh").equals("tls")) {
            throw refused(
                    "is reached over SSH, and a sandbox is given no SSH keys: they would open a shell on host %s. Set %s on this machine and run pgbackrest server there, or run a validator on that host."
                            .formatted(host, option("host-type=tls")));
        }
        return remote(
                "repository host over TLS",
                host,
                value("host-port").orElse(TLS_SERVER_PORT),
                files("host-ca-file", "host-ca-path", "host-cert-file", "host-key-file"));
    }

    private RepositoryPlace.Remote s3() {
        String keyType = value("s3-key-type").orElse("shared");
        if (!keyType.equals("shared")) {
            throw refused(
                    "takes its keys from this machine's role (%s), which a sandbox must not get at. Give the validator keys of its own that may only read, in a configuration of its own (HOLDFAST_PGBACKREST_CONFIG)."
                            .formatted(option("s3-key-type=" + keyType)));
        }
        String bucket = required("s3-bucket");
        String endpoint = hostOf(required("s3-endpoint"));
        String named = value("s3-uri-style").orElse("host").equals("path") ? endpoint : bucket + "." + endpoint;
        String port = value("storage-port")
                .or(() -> portOf(value("storage-host").orElse("")))
                .or(() -> portOf(required("s3-endpoint")))
                .orElse(HTTPS_PORT);
        return remote(
                "S3",
                value("storage-host").map(this::hostOf).orElse(named),
                port,
                files("storage-ca-file", "storage-ca-path"));
    }

    private RepositoryPlace.Remote remote(String kind, String host, String port, List<Path> files) {
        if (NUMERIC.matcher(host).matches() && !host.startsWith("127.")) {
            throw refused(
                    "is reached by the number %s; name it (a line in /etc/hosts is enough), for inside a sandbox the name leads to the one way out"
                            .formatted(host));
        }
        try {
            return new RepositoryPlace.Remote(kind, host, Integer.parseInt(port), files);
        } catch (NumberFormatException e) {
            throw refused("has the port '%s', expected a number".formatted(port));
        }
    }

    private String hostOf(String endpoint) {
        Matcher match = ENDPOINT.matcher(endpoint);
        if (!match.matches()) {
            throw refused("has the endpoint '%s', expected a host's name, as in s3.eu-central-1.amazonaws.com"
                    .formatted(endpoint));
        }
        return match.group(1);
    }

    private static Optional<String> portOf(String endpoint) {
        Matcher match = ENDPOINT.matcher(endpoint);
        return match.matches() ? Optional.ofNullable(match.group(2)) : Optional.empty();
    }

    private List<Path> files(String... options) {
        return Stream.of(options)
                .flatMap(name -> value(name).stream())
                .map(Path::of)
                .toList();
    }

    private String required(String name) {
        return value(name).orElseThrow(() -> refused("lacks " + option(name)));
    }

    private Optional<String> value(String name) {
        return file.value(stanza, repository, name);
    }

    private String option(String name) {
        return "repo%d-%s".formatted(repository, name);
    }

    private ProofStopped refused(String why) {
        return new ProofStopped(
                Reason.CONFIGURATION, "repository %d of stanza %s %s".formatted(repository, stanza, why));
    }
}
