package dev.holdfast.scheduler.stanza;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.CancelRequested;
import dev.holdfast.events.FailureCategory;
import dev.holdfast.events.Pause;
import dev.holdfast.events.Policy;
import dev.holdfast.events.PolicyState;
import dev.holdfast.events.RequestOrigin;
import dev.holdfast.events.RequestUnserved;
import dev.holdfast.events.SlotConcluded;
import dev.holdfast.scheduler.cron.DebianCron;
import dev.holdfast.scheduler.cron.RandomExpression;
import dev.holdfast.scheduler.gate.Caps;
import dev.holdfast.testsupport.Events;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.apache.avro.specific.SpecificRecord;

/** Random weeks of a fleet with caps: policies that change, runners that fail, a gate that moves, state that is lost. */
final class FleetStory {

    private static final Caps CAPS = new Caps(4, 2, Map.of("b", 3));

    private final int seed;
    private final boolean losing;
    private final RandomGenerator random;
    private final SimulatedFleet fleet;
    private final Map<String, Policy> policies = new LinkedHashMap<>();
    private final Map<String, Instant> since = new HashMap<>();
    private final Map<String, Set<Instant>> expected = new HashMap<>();
    private final Map<UUID, BackupRequested> open = new LinkedHashMap<>();
    private final Set<UUID> started = new HashSet<>();
    private int seen;

    /** @param losing true if all state is lost now and then */
    FleetStory(int seed, Instant start, boolean losing) {
        this.seed = seed;
        this.losing = losing;
        this.fleet = new SimulatedFleet(start, CAPS);
        this.random = RandomExpression.random(7_000_000L + seed);
    }

    /** Lives through twenty days, and compares what was concluded with the calendar. */
    void tell() {
        for (int number = 0; number < 12; number++) {
            String stanza = "db-" + number;
            fleet.add(stanza, number % 2 == 0 ? "a" : "b");
            apply(stanza);
        }
        Instant end = fleet.now().plus(Duration.ofDays(20));
        while (fleet.now().isBefore(end)) {
            fleet.passTo(fleet.now().plusSeconds(60 + random.nextInt(1_200)));
            trouble();
            fleet.gateReads(random.nextInt(12));
            fleet.stanzasRead(random.nextInt(12));
            runnersWork();
            if (losing && random.nextInt(50) == 0) {
                fleet.loseState(random);
            } else if (!losing) {
                assertCaps();
            }
        }
        end();
        compare();
    }

    private void trouble() {
        String stanza = "db-" + random.nextInt(12);
        switch (random.nextInt(40)) {
            case 0 -> apply(stanza);
            case 1 -> fleet.moveGate();
            case 2 -> fleet.publish(pausedUntil(stanza, fleet.now().plusSeconds(random.nextInt(20_000))));
            case 3 ->
                fleet.ledger(stanza).queued.values().stream()
                        .findFirst()
                        .ifPresent(queued -> fleet.publish(Events.cancelRequested(stanza, queued.requestId())
                                .build()));
            case 4 ->
                fleet.publish(Events.backupRequested(stanza)
                        .setOrigin(RequestOrigin.AD_HOC)
                        .setNotAfter(fleet.now().plusSeconds(40_000))
                        .build());
            default -> {
                // nothing happens most of the time
            }
        }
    }

    private void apply(String stanza) {
        expect(stanza);
        String cron = random.nextBoolean() ? "0 2 * * *" : "%d */3 * * *".formatted(random.nextInt(60));
        String further = "missed: {policy: %s}\noverlap: %s\nnotAfter: %dh\nretry: {attempts: 2, backoff: 10m}\n%s"
                .formatted(
                        List.of("skip", "run-once", "run-all").get(random.nextInt(3)),
                        random.nextBoolean() ? "queue" : "skip",
                        1 + random.nextInt(10),
                        random.nextBoolean() ? "blackouts: [{name: noon, cron: '0 11 * * *', for: 3h}]\n" : "");
        Policy policy = CapsTest.policy(stanza, cron, further, versionOf(stanza) + 1, fleet.now());
        policies.put(stanza, policy);
        since.put(stanza, fleet.now());
        fleet.publish(policy);
    }

    private Policy policyOf(String stanza) {
        return Objects.requireNonNull(policies.get(stanza));
    }

    private int versionOf(String stanza) {
        return Optional.ofNullable(policies.get(stanza)).map(Policy::getVersion).orElse(0);
    }

    private Policy pausedUntil(String stanza, Instant until) {
        Policy policy = Policy.newBuilder(policyOf(stanza))
                .setEventId(UUID.randomUUID())
                .setVersion(versionOf(stanza) + 1)
                .setPause(Pause.newBuilder()
                        .setBy(Events.requester())
                        .setReason("maintenance")
                        .setSince(fleet.now())
                        .setUntil(until)
                        .build())
                .build();
        policies.put(stanza, policy);
        return policy;
    }

    private void expect(String stanza) {
        Policy known = policies.get(stanza);
        Instant begin = since.get(stanza);
        if (known != null && begin != null) {
            String cron = known.getDefinition().getBackups().getFirst().getCron();
            expected.computeIfAbsent(stanza, key -> new HashSet<>())
                    .addAll(new DebianCron(cron, ZoneId.of("UTC")).runs(begin, fleet.now()));
        }
    }

    private void runnersWork() {
        List<SpecificRecord> log = fleet.log();
        for (SpecificRecord event : List.copyOf(log.subList(seen, log.size()))) {
            if (event instanceof BackupRequested request) {
                open.put(request.getRequestId(), request);
            } else if (event instanceof RequestUnserved unserved) {
                open.remove(unserved.getRequestId());
            } else if (event instanceof CancelRequested cancel && !started.contains(cancel.getRequestId())) {
                open.remove(cancel.getRequestId());
            }
        }
        seen = log.size();
        for (BackupRequested request : List.copyOf(open.values())) {
            String stanza = request.getStanza();
            UUID id = request.getRequestId();
            switch (random.nextInt(12)) {
                case 0 -> {
                    started.add(id);
                    fleet.publish(Events.backupStarted(stanza, id).build());
                }
                case 1 -> {
                    open.remove(id);
                    fleet.publish(Events.backupFailed(stanza, id)
                            .setCategory(FailureCategory.RETRYABLE)
                            .build());
                }
                case 2, 3, 4 -> {
                    open.remove(id);
                    fleet.publish(Events.backupCompleted(stanza, id)
                            .setFinishedAt(fleet.now())
                            .build());
                }
                default -> {
                    // it takes its time, and is lost in the end if it gives no sign of life
                }
            }
        }
    }

    private void assertCaps() {
        Map<String, Integer> running = new HashMap<>();
        open.values().stream()
                .filter(request -> request.getOrigin() != RequestOrigin.AD_HOC)
                .forEach(request -> running.merge(fleet.poolOf(request.getStanza()), 1, Integer::sum));
        assertThat(running.getOrDefault("a", 0))
                .as("seed %d, pool a at %s", seed, fleet.now())
                .isLessThanOrEqualTo(2);
        assertThat(running.getOrDefault("b", 0))
                .as("seed %d, pool b at %s", seed, fleet.now())
                .isLessThanOrEqualTo(3);
        assertThat(running.values().stream().mapToInt(Integer::intValue).sum())
                .as("seed %d, all at %s", seed, fleet.now())
                .isLessThanOrEqualTo(4);
    }

    /** Policies go, what runs comes to its end, and everybody has been told of everything. */
    private void end() {
        for (String stanza : List.copyOf(policies.keySet())) {
            expect(stanza);
            fleet.publish(Policy.newBuilder(policyOf(stanza))
                    .setEventId(UUID.randomUUID())
                    .setVersion(versionOf(stanza) + 1)
                    .setState(PolicyState.REMOVED)
                    .build());
        }
        for (int day = 0; day < 4; day++) {
            fleet.settle();
            runnersWork();
            fleet.passTo(fleet.now().plus(Duration.ofDays(1)));
        }
        fleet.settle();
    }

    private void compare() {
        Map<String, Set<Instant>> found = new HashMap<>();
        for (SlotConcluded slot : fleet.all(SlotConcluded.class)) {
            assertThat(found.computeIfAbsent(slot.getStanza(), stanza -> new HashSet<>())
                            .add(slot.getSlot()))
                    .as("seed %d, once: %s", seed, slot)
                    .isTrue();
            assertThat(slot.getOccurredAt()).as("seed %d, not early", seed).isAfterOrEqualTo(slot.getSlot());
        }
        assertThat(found).as("seed %d", seed).isEqualTo(expected);
        assertThat(fleet.all(BackupRequested.class))
                .as("seed %d", seed)
                .extracting(BackupRequested::getRequestId)
                .doesNotHaveDuplicates();
        assertThat(fleet.places())
                .as("seed %d: nobody has a place any more", seed)
                .isEmpty();
    }
}
