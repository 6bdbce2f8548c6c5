package dev.holdfast.scheduler.runners;

import dev.holdfast.events.RequestKind;
import dev.holdfast.events.RunnerAnnounced;
import dev.holdfast.scheduler.gate.Pools;
import dev.holdfast.scheduler.stanza.ServedStanzas;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * The newest announcement of every runner and validator. One that is away for a while still knows its stanzas: what it
 * does not start in time is a matter of its own. Safe for several threads.
 */
public final class Announcements implements ServedStanzas, Pools {

    /** Whoever has not been heard of for this long is gone for good. */
    private static final Duration KEPT = Duration.ofDays(7);

    /** Three announcements missed: no longer called alive. */
    private static final Duration ALIVE = Duration.ofSeconds(90);

    private record Member(String service, String pool, String instance) {}

    private record Served(Instant at, Set<String> stanzas) {}

    private final Map<Member, Served> members = new ConcurrentHashMap<>();
    private final Clock clock;
    private final BooleanSupplier complete;

    /**
     * Nobody has announced anything yet.
     *
     * @param complete true once all announcements of the past have been taken in
     */
    public Announcements(Clock clock, BooleanSupplier complete) {
        this.clock = clock;
        this.complete = complete;
    }

    /**
     * Takes an announcement in. It counts from now on: the clock of the host that wrote it may be wrong. Only what comes from
     * the past has no other time than its own.
     */
    public void accept(RunnerAnnounced announced) {
        Member member = new Member(announced.getService(), announced.getPool(), announced.getInstance());
        Instant at = isComplete() ? clock.instant() : announced.getOccurredAt();
        // one key, one partition: what is read last was written last
        members.put(member, new Served(at, Set.copyOf(announced.getStanzas())));
    }

    @Override
    public boolean isComplete() {
        return complete.getAsBoolean();
    }

    @Override
    public boolean isServed(String stanza, RequestKind kind, Optional<String> pool) {
        return isServed(stanza, kind, pool, KEPT);
    }

    @Override
    public boolean isAlive(String stanza, RequestKind kind, Optional<String> pool) {
        return isServed(stanza, kind, pool, ALIVE);
    }

    private boolean isServed(String stanza, RequestKind kind, Optional<String> pool, Duration heardWithin) {
        Instant oldest = clock.instant().minus(heardWithin);
        return members.entrySet().stream()
                .anyMatch(entry -> entry.getKey().service().equals(serviceFor(kind))
                        && pool.map(entry.getKey().pool()::equals).orElse(true)
                        && !entry.getValue().at().isBefore(oldest)
                        && entry.getValue().stanzas().contains(stanza));
    }

    @Override
    public Optional<String> poolFor(String stanza, RequestKind kind, Optional<String> named) {
        Instant oldest = clock.instant().minus(KEPT);
        Instant aliveSince = clock.instant().minus(ALIVE);
        return members.entrySet().stream()
                .filter(entry -> entry.getKey().service().equals(serviceFor(kind))
                        && named.map(entry.getKey().pool()::equals).orElse(true)
                        && !entry.getValue().at().isBefore(oldest)
                        && entry.getValue().stanzas().contains(stanza))
                .min(Comparator.comparing((Map.Entry<Member, Served> entry) ->
                                entry.getValue().at().isBefore(aliveSince))
                        .thenComparing(entry -> entry.getKey().pool()))
                .map(entry -> entry.getKey().pool());
    }

    @Override
    public Optional<Set<String>> alive(RequestKind kind) {
        if (!isComplete()) {
            return Optional.empty();
        }
        Instant oldest = clock.instant().minus(ALIVE);
        return Optional.of(members.entrySet().stream()
                .filter(entry -> entry.getKey().service().equals(serviceFor(kind))
                        && !entry.getValue().at().isBefore(oldest))
                .map(entry -> entry.getKey().pool())
                .collect(Collectors.toUnmodifiableSet()));
    }

    @Override
    public String describe(RequestKind kind) {
        Instant oldest = clock.instant().minus(ALIVE);
        List<String> alive = members.entrySet().stream()
                .filter(entry -> entry.getKey().service().equals(serviceFor(kind))
                        && !entry.getValue().at().isBefore(oldest))
                .map(entry -> "%s (%s)"
                        .formatted(
                                entry.getKey().pool(),
                                String.join(
                                        ", ",
                                        entry.getValue().stanzas().stream()
                                                .sorted()
                                                .toList())))
                .sorted()
                .distinct()
                .toList();
        return alive.isEmpty()
                ? "no %s is alive".formatted(serviceFor(kind))
                : "%s pools alive: %s".formatted(serviceFor(kind), String.join("; ", alive));
    }

    private static String serviceFor(RequestKind kind) {
        return kind == RequestKind.RESTORE_TEST ? "validator" : "runner";
    }
}
