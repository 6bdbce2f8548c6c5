package dev.holdfast.validator;

import dev.holdfast.schemas.StanzaName;
import dev.holdfast.validator.sandbox.KubernetesEngine;
import dev.holdfast.validator.sandbox.SharedVolumes;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Every knob of the validator; an invalid value stops the start. The port is Spring's ({@code application.yml}).
 *
 * @param instance {@code HOLDFAST_INSTANCE}, default the host's name: name of this running copy; must differ
 *     between validators of one pool
 * @param pool {@code HOLDFAST_VALIDATOR_POOL}, default the host's name: validators that reach the same repositories
 * @param stanzas {@code HOLDFAST_VALIDATOR_STANZAS}, required: what is served; requests for others are passed over
 * @param configuration {@code HOLDFAST_PGBACKREST_CONFIG}, default {@code /etc/pgbackrest.conf}: says where the
 *     repositories are; read anew for each test
 * @param state {@code HOLDFAST_VALIDATOR_STATE}, default {@code ./state/validator}: folder of the key that signs
 *     evidence
 * @param sandbox how sandboxes are made
 * @param timeLimit {@code HOLDFAST_VALIDATOR_TIME_LIMIT}, default {@code PT12H}: how long one test may take
 * @param demands {@code HOLDFAST_VALIDATOR_ASSERTIONS}, default {@code /etc/holdfast/assertions}: folder of
 *     the users' assertions, a file for each stanza
 * @param reading how much is read beyond the backup itself
 * @param maxConcurrent {@code HOLDFAST_VALIDATOR_MAX_CONCURRENT}, default {@code 2}: how many tests run at a time
 */
record ValidatorSettings(
        String instance,
        String pool,
        List<String> stanzas,
        Path configuration,
        Path state,
        SandboxChoice sandbox,
        Duration timeLimit,
        Path demands,
        Reading reading,
        int maxConcurrent) {

    /**
     * How much is read beyond the backup itself.
     *
     * @param count {@code HOLDFAST_VALIDATOR_COUNT_LIMIT}, default {@code PT5M}: how long rows are counted
     * @param verify {@code HOLDFAST_VALIDATOR_VERIFY_LIMIT}, default {@code PT10M}: how long pgBackRest's own verification may take;
     *     PT0S for never
     * @param verifyEvery {@code HOLDFAST_VALIDATOR_VERIFY_EVERY}, default {@code P1D}: how long one stands
     */
    record Reading(Duration count, Duration verify, Duration verifyEvery) {}

    /**
     * How sandboxes are made.
     *
     * @param kind {@code HOLDFAST_SANDBOX}, default {@code docker}: how sandboxes are made; {@code kubernetes} makes pods, and {@code
     *     process} isolates nothing and is never chosen by itself
     * @param image {@code HOLDFAST_SANDBOX_IMAGE}, default {@code holdfast/sandbox:15}: the image; a backup of another major version
     *     is tested in the image with that tag
     * @param memoryBytes {@code HOLDFAST_SANDBOX_MEMORY}, default {@code 1g}: how much memory a sandbox may have, in bytes, or with k, m, g
     *     or t
     * @param diskBytes {@code HOLDFAST_SANDBOX_DISK}, default {@code 1024g}: the largest cluster that is restored
     * @param processes {@code HOLDFAST_SANDBOX_PROCESSES}, default {@code 256}: how many processes and threads a sandbox may have
     * @param cpus {@code HOLDFAST_SANDBOX_CPUS}, default all: processors that one sandbox may use; a restore has as many processes
     * @param role {@code HOLDFAST_SANDBOX_ROLE}, default {@code postgres}: superuser of the restored clusters
     * @param volumes {@code HOLDFAST_SANDBOX_VOLUMES}, default none: which of this process's folders are volumes of the engine;
     *     of no meaning for the other kinds
     * @param ways {@code HOLDFAST_SANDBOX_WAYS}, default the temporary folder: where the sockets are made by which sandboxes reach a
     *     repository elsewhere; of no meaning for the other kinds
     * @param site where pods are made; of no meaning for the other kinds
     */
    record SandboxChoice(
            Kind kind,
            String image,
            long memoryBytes,
            long diskBytes,
            int processes,
            int cpus,
            String role,
            SharedVolumes volumes,
            Path ways,
            KubernetesEngine.Site site) {}

    /** Which kind of sandbox. */
    enum Kind {
        DOCKER,
        KUBERNETES,
        PROCESS
    }

    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})([kmgt]?)");

    /** Copies the list. */
    ValidatorSettings {
        stanzas = List.copyOf(stanzas);
    }

    /**
     * Reads the environment.
     *
     * @throws IllegalArgumentException naming the variable, what it holds and what is expected
     */
    static ValidatorSettings from(Map<String, String> environment) {
        Reader reader = new Reader(environment);
        return new ValidatorSettings(
                reader.text("HOLDFAST_INSTANCE", hostName()),
                reader.text("HOLDFAST_VALIDATOR_POOL", hostName()),
                reader.stanzas(),
                Path.of(reader.text("HOLDFAST_PGBACKREST_CONFIG", "/etc/pgbackrest.conf")),
                Path.of(reader.text("HOLDFAST_VALIDATOR_STATE", "./state/validator")),
                new SandboxChoice(
                        reader.kind(),
                        reader.text("HOLDFAST_SANDBOX_IMAGE", "holdfast/sandbox:15"),
                        reader.size("HOLDFAST_SANDBOX_MEMORY", "1g"),
                        reader.size("HOLDFAST_SANDBOX_DISK", "1024g"),
                        reader.number("HOLDFAST_SANDBOX_PROCESSES", 256),
                        reader.number(
                                "HOLDFAST_SANDBOX_CPUS", Runtime.getRuntime().availableProcessors()),
                        reader.text("HOLDFAST_SANDBOX_ROLE", "postgres"),
                        SharedVolumes.of(reader.text(SharedVolumes.SETTING, "")),
                        Path.of(reader.text("HOLDFAST_SANDBOX_WAYS", System.getProperty("java.io.tmpdir"))),
                        reader.site()),
                reader.duration("HOLDFAST_VALIDATOR_TIME_LIMIT", "PT12H"),
                Path.of(reader.text("HOLDFAST_VALIDATOR_ASSERTIONS", "/etc/holdfast/assertions")),
                new Reading(
                        reader.duration("HOLDFAST_VALIDATOR_COUNT_LIMIT", "PT5M"),
                        reader.durationOrNone("HOLDFAST_VALIDATOR_VERIFY_LIMIT", "PT10M"),
                        reader.durationOrNone("HOLDFAST_VALIDATOR_VERIFY_EVERY", "P1D")),
                reader.number("HOLDFAST_VALIDATOR_MAX_CONCURRENT", 2));
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(
                    "this machine does not know its own name; set HOLDFAST_INSTANCE and HOLDFAST_VALIDATOR_POOL", e);
        }
    }

    /** The environment, each value checked as it is read. */
    private record Reader(Map<String, String> environment) {

        String text(String name, String fallback) {
            String value = environment.getOrDefault(name, "");
            return value.isBlank() ? fallback : value.strip();
        }

        List<String> stanzas() {
            List<String> stanzas = Arrays.stream(
                            text("HOLDFAST_VALIDATOR_STANZAS", "").split(","))
                    .map(String::strip)
                    .filter(name -> !name.isEmpty())
                    .toList();
            if (stanzas.isEmpty()) {
                throw new IllegalArgumentException(
                        "HOLDFAST_VALIDATOR_STANZAS is not set: expected the stanzas to serve, separated by commas");
            }
            stanzas.stream()
                    .filter(name -> !StanzaName.isValid(name))
                    .findFirst()
                    .ifPresent(name -> {
                        throw new IllegalArgumentException("HOLDFAST_VALIDATOR_STANZAS has '%s': a stanza's name is %s"
                                .formatted(name, StanzaName.rule()));
                    });
            return stanzas;
        }

        Kind kind() {
            return switch (text("HOLDFAST_SANDBOX", "docker")) {
                case "docker" -> Kind.DOCKER;
                case "kubernetes" -> Kind.KUBERNETES;
                case "process" -> Kind.PROCESS;
                default ->
                    throw new IllegalArgumentException(
                            "HOLDFAST_SANDBOX is '%s': expected docker, kubernetes or process"
                                    .formatted(text("HOLDFAST_SANDBOX", "")));
            };
        }

        KubernetesEngine.Site site() {
            String claim = text("HOLDFAST_SANDBOX_CLAIM", "");
            if (kind() == Kind.KUBERNETES && claim.isEmpty()) {
                throw new IllegalArgumentException(
                        "HOLDFAST_SANDBOX_CLAIM is not set: expected the persistent volume claim that holds the repository, or none where it is not a folder");
            }
            return new KubernetesEngine.Site(
                    text("HOLDFAST_SANDBOX_NAMESPACE", "holdfast-proofs"),
                    Optional.of(claim).filter(name -> !name.isEmpty() && !name.equals("none")));
        }

        int number(String name, int fallback) {
            String text = text(name, String.valueOf(fallback));
            if (!text.matches("[1-9]\\d{0,5}")) {
                throw new IllegalArgumentException("%s is '%s': expected a whole number from 1".formatted(name, text));
            }
            return Integer.parseInt(text);
        }

        long size(String name, String fallback) {
            Matcher match = SIZE.matcher(text(name, fallback));
            if (!match.matches()) {
                throw new IllegalArgumentException(
                        "%s is '%s': expected bytes, or a number with k, m, g or t".formatted(name, text(name, "")));
            }
            int power = "kmgt".indexOf(match.group(2)) + 1;
            return Long.parseLong(match.group(1)) << (match.group(2).isEmpty() ? 0 : 10 * power);
        }

        Duration duration(String name, String fallback) {
            Duration limit = durationOrNone(name, fallback);
            if (limit.isZero()) {
                throw new IllegalArgumentException(
                        "%s is '%s': expected more than nothing".formatted(name, text(name, fallback)));
            }
            return limit;
        }

        Duration durationOrNone(String name, String fallback) {
            String text = text(name, fallback);
            try {
                Duration limit = Duration.parse(text);
                if (!limit.isNegative()) {
                    return limit;
                }
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException(
                        "%s is '%s': expected an ISO-8601 duration such as %s".formatted(name, text, fallback), e);
            }
            throw new IllegalArgumentException("%s is '%s': expected more than nothing".formatted(name, text));
        }
    }
}
