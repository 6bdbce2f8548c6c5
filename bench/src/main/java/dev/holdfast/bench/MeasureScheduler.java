package dev.holdfast.bench;

import dev.holdfast.bench.FireWatch.Seen;
import dev.holdfast.events.BackupRequested;
import dev.holdfast.schemas.EventDecoder;
import dev.holdfast.schemas.EventType;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.Topic;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * One measurement of running schedulers, named by the first argument; {@code bench/run} calls it. A FLEET is {@code
 * PREFIX:SIZE:SLOT:JITTER}, times in (epoch) seconds.
 *
 * <ul>
 *   <li>{@code load APPLICATION FLEET...}: gives every stanza its policy; returns when the scheduler has taken them in
 *   <li>{@code fires FLEET...}: waits until all have fired and prints a line for each fleet: its prefix and what {@link
 *       Fires#statistics} says
 *   <li>{@code skew N}: N lines of milliseconds from due to readable, of a timer and a transaction alone
 *   <li>{@code takeover FLEET FILE}: waits until all have fired; for each instant in FILE (epoch milliseconds of a kill), a
 *       line with how many fires it made late, and the milliseconds from it until the last of them was readable
 * </ul>
 */
public final class MeasureScheduler {

    private static final PrintStream OUT = System.out;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** Fires that a kill may have made late are due from a moment before it; later ones may be late because a copy came back. */
    private static final Duration BEFORE_KILL = Duration.ofSeconds(2);

    private static final Duration AFTER_KILL = Duration.ofSeconds(12);
    private static final long LATE_MICROS = 500_000;

    private final KafkaConnection connection;

    private MeasureScheduler(KafkaConnection connection) {
        this.connection = connection;
    }

    /** Measures what the arguments say. */
    public static void main(String[] args) throws Exception {
        MeasureScheduler measure = new MeasureScheduler(KafkaConnection.from(System.getenv()));
        switch (args[0]) {
            case "load" -> measure.load(args[1], fleets(args, 2));
            case "fires" -> measure.fires(fleets(args, 1));
            case "skew" -> RawTimer.measure(measure.connection, Integer.parseInt(args[1]), OUT);
            case "takeover" -> measure.takeover(Fleet.of(args[1]), Path.of(args[2]));
            default -> throw new IllegalArgumentException("no such measurement: " + args[0]);
        }
    }

    private static List<Fleet> fleets(String[] args, int first) {
        return Arrays.stream(args, first, args.length).map(Fleet::of).toList();
    }

    private void load(String application, List<Fleet> fleets) throws Exception {
        fleets.forEach(fleet -> fleet.publish(connection));
        TakenIn.await(connection, application);
        for (Fleet fleet : fleets) {
            if (!Instant.now().isBefore(fleet.slot())) {
                throw new IllegalStateException(
                        "the policies were taken in only after %s: too many for this machine".formatted(fleet));
            }
        }
    }

    private void fires(List<Fleet> fleets) {
        int size = fleets.stream().mapToInt(Fleet::size).sum();
        Instant deadline = fleets.stream()
                .map(Fleet::slot)
                .max(Instant::compareTo)
                .orElseThrow()
                .plus(PATIENCE);
        try (FireWatch requests = watch(Topic.BACKUP_REQUESTS);
                FireWatch facts = watch(Topic.POLICY_EVENTS)) {
            List<Seen> seen = requests.await(size, deadline);
            for (Fleet fleet : fleets) {
                OUT.println(fleet.prefix() + " " + firesOf(fleet, seen).statistics());
            }
            List<Seen> concluded = facts.await(size, deadline).stream()
                    .filter(fact -> fact.type().equals(EventType.SLOT_CONCLUDED.cloudEventType()))
                    .toList();
            if (concluded.size() != size) {
                throw new IllegalStateException("%d slots were concluded, not %d".formatted(concluded.size(), size));
            }
        }
    }

    private Fires firesOf(Fleet fleet, List<Seen> seen) {
        List<Seen> own = seen.stream().filter(fire -> fleet.owns(fire.key())).toList();
        requireRequests(own, fleet.slot());
        return new Fires(fleet.size(), own, fleet::due).counted();
    }

    /** Every record is a request for that slot, with an id of its own. */
    private void requireRequests(List<Seen> seen, Instant slot) {
        Set<UUID> ids = new HashSet<>();
        try (EventDecoder decoder = new EventDecoder(connection)) {
            for (Seen record : seen) {
                if (!(decoder.decode(
                                        Topic.BACKUP_REQUESTS.wireName(),
                                        record.value().array())
                                instanceof EventDecoder.Event known
                        && known.event() instanceof BackupRequested request
                        && request.getSlot().filter(slot::equals).isPresent()
                        && request.getStanza().equals(record.key())
                        && ids.add(request.getRequestId()))) {
                    throw new IllegalStateException(
                            "not a request for the slot of %s, or not the first: %s".formatted(slot, record));
                }
            }
        }
    }

    private void takeover(Fleet fleet, Path kills) throws IOException {
        try (FireWatch requests = watch(Topic.BACKUP_REQUESTS)) {
            List<Seen> seen = requests.await(
                    fleet.size(), fleet.slot().plus(fleet.jitter()).plus(PATIENCE));
            Fires fires = firesOf(fleet, seen);
            for (String line : Files.readAllLines(kills)) {
                Instant kill = Instant.ofEpochMilli(Long.parseLong(line.strip()));
                List<Seen> late = seen.stream()
                        .filter(madeLateBy(fleet, kill).and(fire -> fires.late(fire) > LATE_MICROS))
                        .toList();
                long last = late.stream().mapToLong(Seen::readable).max().orElse(Micros.of(kill));
                OUT.printf("late=%d recovered=%d%n", late.size(), (last - Micros.of(kill)) / 1_000);
            }
        }
    }

    private static Predicate<Seen> madeLateBy(Fleet fleet, Instant kill) {
        return fire -> {
            Instant due = fleet.due(fire.key());
            return due.isAfter(kill.minus(BEFORE_KILL)) && due.isBefore(kill.plus(AFTER_KILL));
        };
    }

    private FireWatch watch(Topic topic) {
        return new FireWatch(connection, topic.wireName(), Topic.PARTITIONS);
    }
}
