package dev.holdfast.runner;

import dev.holdfast.schemas.StanzaName;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Every knob of the runner; an invalid value stops the start with a message that names the variable.
 *
 * @param bind {@code HOLDFAST_BIND}, default {@code 127.0.0.1}: address that HTTP binds to
 * @param port {@code HOLDFAST_RUNNER_PORT}, default {@code 8082}: port of health and metrics, 0 for any
 * @param instance {@code HOLDFAST_INSTANCE}, default the host's name: name of this running copy, unique in its pool
 * @param pool {@code HOLDFAST_RUNNER_POOL}, default the host's name: the pool, which shares its requests
 * @param stanzas {@code HOLDFAST_RUNNER_STANZAS}, required: the stanzas served, separated by commas; requests for others are
 *     passed over
 * @param pgbackrest {@code HOLDFAST_PGBACKREST}, default {@code pgbackrest}: the executable
 * @param config {@code HOLDFAST_PGBACKREST_CONFIG}, default {@code /etc/pgbackrest.conf}: its configuration file
 * @param state {@code HOLDFAST_RUNNER_STATE}, default {@code state/runner}: folder for what must outlive the runner; never shared
 *     between instances
 * @param maxConcurrent {@code HOLDFAST_RUNNER_MAX_CONCURRENT}, default {@code 2}: backups at the same time, 1 to 64
 * @param lockWait {@code HOLDFAST_RUNNER_LOCK_WAIT}, default {@code PT2M}: how long somebody else's lock is waited for
 * @param timeLimit {@code HOLDFAST_RUNNER_TIME_LIMIT}, default {@code PT24H}: how long one backup may take
 * @param timeLimits {@code HOLDFAST_RUNNER_TIME_LIMITS}, default none: the same for single stanzas, such as {@code
 *     big=PT48H,small=PT1H}
 * @param lease {@code HOLDFAST_RUNNER_LEASE}, default {@code PT30S}: how long a backup goes on without its runner, 5 s or more
 * @param progressEvery {@code HOLDFAST_RUNNER_PROGRESS_EVERY}, default {@code PT2S}: the heartbeat, at most a third of the lease
 * @param observeEvery {@code HOLDFAST_RUNNER_OBSERVE_EVERY}, default {@code PT10M}: how often the repository is walked
 * @param markEvery {@code HOLDFAST_RUNNER_MARK_EVERY}, default {@code PT0S}: at least how often a restore point is made between
 *     backups, PT0S for never: each ends a WAL segment
 * @param markerTable {@code HOLDFAST_RUNNER_MARKER_TABLE}, default none: a table of one row in each cluster that says which
 *     restore point was made last, such as {@code holdfast.marker}; made if it is missing
 * @param checkEvery {@code HOLDFAST_RUNNER_CHECK_EVERY}, default {@code PT24H}: at least how often {@code pgbackrest check} is run,
 *     PT0S for never: each ends a WAL segment
 * @param checkAfterFailure {@code HOLDFAST_RUNNER_CHECK_AFTER_FAILURE}, default {@code y}: whether it is run after a backup that
 *     failed, y or n
 */
record RunnerSettings(
        String bind,
        int port,
        String instance,
        String pool,
        List<String> stanzas,
        String pgbackrest,
        Path config,
        Path state,
        int maxConcurrent,
        Duration lockWait,
        Duration timeLimit,
        Map<String, Duration> timeLimits,
        Duration lease,
        Duration progressEvery,
        Duration observeEvery,
        Duration markEvery,
        Optional<String> markerTable,
        Duration checkEvery,
        boolean checkAfterFailure) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    private static final Pattern TABLE = Pattern.compile("[a-z_][a-z0-9_]{0,62}(\\.[a-z_][a-z0-9_]{0,62})?");
    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(5);

    RunnerSettings {
        stanzas = List.copyOf(stanzas);
        timeLimits = Map.copyOf(timeLimits);
        check(
                !stanzas.isEmpty(),
                "HOLDFAST_RUNNER_STANZAS is not set: name the stanzas that this runner serves, separated by commas");
        stanzas.forEach(stanza -> check(
                StanzaName.isValid(stanza),
                "HOLDFAST_RUNNER_STANZAS holds '%s', expected %s".formatted(stanza, StanzaName.rule())));
        checkName("HOLDFAST_INSTANCE", instance);
        checkName("HOLDFAST_RUNNER_POOL", pool);
        checkRange("HOLDFAST_RUNNER_PORT", port, 0, 65_535);
        checkRange("HOLDFAST_RUNNER_MAX_CONCURRENT", maxConcurrent, 1, 64);
        check(!lockWait.isNegative(), "HOLDFAST_RUNNER_LOCK_WAIT is %s, expected PT0S or more".formatted(lockWait));
        check(timeLimit.isPositive(), "HOLDFAST_RUNNER_TIME_LIMIT is %s, expected more than PT0S".formatted(timeLimit));
        for (Map.Entry<String, Duration> limit : timeLimits.entrySet()) {
            check(
                    stanzas.contains(limit.getKey()) && limit.getValue().isPositive(),
                    "HOLDFAST_RUNNER_TIME_LIMITS holds '%s=%s', expected one of the stanzas served (%s) and more than PT0S"
                            .formatted(limit.getKey(), limit.getValue(), String.join(", ", stanzas)));
        }
        check(!markEvery.isNegative(), "HOLDFAST_RUNNER_MARK_EVERY is %s, expected PT0S or more".formatted(markEvery));
        markerTable.ifPresent(table -> check(
                TABLE.matcher(table).matches(),
                "HOLDFAST_RUNNER_MARKER_TABLE is '%s', expected a name of lower-case letters, digits and '_', with or without a schema, such as holdfast.marker"
                        .formatted(table)));
        check(
                !checkEvery.isNegative(),
                "HOLDFAST_RUNNER_CHECK_EVERY is %s, expected PT0S or more".formatted(checkEvery));
        check(
                lease.compareTo(SHORTEST_LEASE) >= 0,
                "HOLDFAST_RUNNER_LEASE is %s, expected %s or more".formatted(lease, SHORTEST_LEASE));
        check(
                progressEvery.isPositive() && progressEvery.multipliedBy(3).compareTo(lease) <= 0,
                "HOLDFAST_RUNNER_PROGRESS_EVERY is %s, expected more than PT0S and at most a third of the lease, which is %s"
                        .formatted(progressEvery, lease));
        check(
                observeEvery.compareTo(Duration.ofSeconds(1)) >= 0,
                "HOLDFAST_RUNNER_OBSERVE_EVERY is %s, expected PT1S or more".formatted(observeEvery));
    }

    /**
     * Reads them.
     *
     * @param environment the process environment
     * @throws IllegalArgumentException if one is wrong; the message names the variable
     */
    static RunnerSettings from(Map<String, String> environment) {
        Variables variables = new Variables(environment);
        String host = hostName();
        return new RunnerSettings(
                variables.text("HOLDFAST_BIND", "127.0.0.1"),
                variables.number("HOLDFAST_RUNNER_PORT", 8082),
                variables.text("HOLDFAST_INSTANCE", host),
                variables.text("HOLDFAST_RUNNER_POOL", host),
                variables.list("HOLDFAST_RUNNER_STANZAS"),
                variables.text("HOLDFAST_PGBACKREST", "pgbackrest"),
                Path.of(variables.text("HOLDFAST_PGBACKREST_CONFIG", "/etc/pgbackrest.conf")),
                Path.of(variables.text("HOLDFAST_RUNNER_STATE", "state/runner")).toAbsolutePath(),
                variables.number("HOLDFAST_RUNNER_MAX_CONCURRENT", 2),
                variables.duration("HOLDFAST_RUNNER_LOCK_WAIT", Duration.ofMinutes(2)),
                variables.duration("HOLDFAST_RUNNER_TIME_LIMIT", Duration.ofHours(24)),
                variables.durations("HOLDFAST_RUNNER_TIME_LIMITS"),
                variables.duration("HOLDFAST_RUNNER_LEASE", Duration.ofSeconds(30)),
                variables.duration("HOLDFAST_RUNNER_PROGRESS_EVERY", Duration.ofSeconds(2)),
                variables.duration("HOLDFAST_RUNNER_OBSERVE_EVERY", Duration.ofMinutes(10)),
                variables.duration("HOLDFAST_RUNNER_MARK_EVERY", Duration.ZERO),
                Optional.of(variables.text("HOLDFAST_RUNNER_MARKER_TABLE", "")).filter(table -> !table.isEmpty()),
                variables.duration("HOLDFAST_RUNNER_CHECK_EVERY", Duration.ofHours(24)),
                variables.yes("HOLDFAST_RUNNER_CHECK_AFTER_FAILURE", true));
    }

    private static void checkName(String variable, String name) {
        check(
                NAME.matcher(name).matches(),
                "%s is '%s', expected 1 to 128 letters, digits, '.', '_' or '-'".formatted(variable, name));
    }

    private static void checkRange(String variable, int value, int lowest, int highest) {
        check(
                value >= lowest && value <= highest,
                "%s is %d, expected %d to %d".formatted(variable, value, lowest, highest));
    }

    private static void check(boolean right, String message) {
        if (!right) {
            throw new IllegalArgumentException(message);
        }
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** Reads single variables; an empty one counts as unset. */
    private record Variables(Map<String, String> environment) {

        String text(String name, String otherwise) {
            String value = environment.getOrDefault(name, "").strip();
            return value.isEmpty() ? otherwise : value;
        }

        List<String> list(String name) {
            return Arrays.stream(text(name, "").split(","))
                    .map(String::strip)
                    .filter(word -> !word.isEmpty())
                    .distinct()
                    .toList();
        }

        int number(String name, int otherwise) {
            String value = text(name, String.valueOf(otherwise));
            try {
                return Integer.parseInt(value);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("%s is '%s', expected a number".formatted(name, value), e);
            }
        }

        boolean yes(String name, boolean otherwise) {
            String value = text(name, otherwise ? "y" : "n");
            check(value.matches("[yn]"), "%s is '%s', expected y or n".formatted(name, value));
            return value.equals("y");
        }

        Map<String, Duration> durations(String name) {
            Map<String, Duration> durations = new HashMap<>();
            for (String entry : list(name)) {
                int equals = entry.indexOf('=');
                check(equals > 0, "%s holds '%s', expected STANZA=DURATION".formatted(name, entry));
                durations.put(entry.substring(0, equals), parsed(name, entry.substring(equals + 1)));
            }
            return durations;
        }

        Duration duration(String name, Duration otherwise) {
            return parsed(name, text(name, otherwise.toString()));
        }

        private static Duration parsed(String name, String value) {
            try {
                return Duration.parse(value);
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException(
                        "%s is '%s', expected an ISO-8601 duration such as PT30S".formatted(name, value), e);
            }
        }
    }
}
