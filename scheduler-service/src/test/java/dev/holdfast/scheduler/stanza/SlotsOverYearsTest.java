package dev.holdfast.scheduler.stanza;

import static dev.holdfast.scheduler.stanza.SimulatedStanza.NAME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.Policy;
import dev.holdfast.events.RequestOrigin;
import dev.holdfast.events.SlotConcluded;
import dev.holdfast.events.SlotOutcome;
import dev.holdfast.scheduler.cron.DebianCron;
import dev.holdfast.scheduler.cron.RandomExpression;
import dev.holdfast.scheduler.policy.PolicyReader;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.PolicyEvents;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Ten simulated years in pieces of fifty days: random zones, schedules and rules, a runner that is quick, slow, failing or
 * away, outages, lost state, and policies that are changed. Which slots there are is told by {@link DebianCron}.
 */
class SlotsOverYearsTest {

    private static final int PIECES = 74;
    private static final Duration PIECE = Duration.ofDays(50);
    private static final List<String> ZONES = List.of(
            "Europe/Berlin",
            "America/New_York",
            "Australia/Lord_Howe",
            "America/Sao_Paulo",
            "Asia/Kolkata",
            "Africa/Casablanca",
            "Pacific/Apia",
            "UTC");

    private static final List<String> ALL_ZONES =
            ZoneId.getAvailableZoneIds().stream().sorted().toList();

    @Test
    void everySlotIsConcludedExactlyOnceAndNeverEarly() {
        int slots = 0;
        for (int seed = 0; seed < PIECES; seed++) {
            slots += new Piece(seed).check();
        }
        assertThat(slots).isGreaterThan(10_000);
    }

    /** One simulation and what it should have come to. */
    private static final class Piece {

        private final int seed;
        private final RandomGenerator random;
        private final ZoneId zone;
        private final Instant start;
        private final SimulatedStanza stanza;
        private final Map<UUID, Instant> open = new LinkedHashMap<>();
        private final Map<String, Set<Instant>> expected = new HashMap<>();
        private final Map<String, String> crons = new LinkedHashMap<>();
        private Instant policySince;
        private int version;
        private int seen;

        Piece(int seed) {
            this.seed = seed;
            this.random = RandomExpression.random(1_000_000L + seed);
            this.zone = ZoneId.of(random.nextBoolean() ? among(ZONES) : among(ALL_ZONES));
            // one piece begins in spring, the next in autumn
            Instant season = Instant.parse(seed % 2 == 0 ? "2024-03-01T00:00:00Z" : "2024-10-01T00:00:00Z");
            this.start = season.plus(Duration.ofDays(random.nextInt(15))).plusSeconds(random.nextInt(86_400));
            this.policySince = start;
            this.stanza = new SimulatedStanza(start);
        }

        private String among(List<String> zones) {
            return zones.get(random.nextInt(zones.size()));
        }

        int check() {
            Instant end = start.plus(PIECE);
            changePolicy();
            while (stanza.now().isBefore(end)) {
                stanza.runUntil(stanza.now().plus(Duration.ofMinutes(10 + random.nextInt(200))));
                runnerWorks();
                trouble();
            }
            // two quiet days: whatever an outage or a blackout has held back gets its turn
            Instant quiet = stanza.now().plus(Duration.ofDays(2));
            while (stanza.now().isBefore(quiet)) {
                stanza.runUntil(stanza.now().plus(Duration.ofHours(1)));
                runnerWorks();
            }
            expectUntil(stanza.now());
            return compare();
        }

        private void trouble() {
            switch (random.nextInt(60)) {
                case 0 -> stanza.sleepUntil(stanza.now().plusSeconds(60 + random.nextLong(3 * 86_400)));
                case 1 -> stanza.loseState(random);
                case 2 -> {
                    stanza.sleepUntil(stanza.now().plusSeconds(60 + random.nextLong(86_400)));
                    stanza.loseState(random);
                }
                case 3 -> changePolicy();
                default -> {
                    // nothing happens most of the time
                }
            }
        }

        /** Answers requests: most at once, some late, some with a failure, some never. */
        private void runnerWorks() {
            List<BackupRequested> requests = stanza.all(BackupRequested.class);
            requests.subList(seen, requests.size()).forEach(request -> open.put(request.getRequestId(), stanza.now()));
            seen = requests.size();
            for (UUID request : List.copyOf(open.keySet())) {
                switch (random.nextInt(8)) {
                    case 0 -> stanza.publish(Events.backupStarted(NAME, request).build());
                    case 1 -> {
                        stanza.publish(Events.backupFailed(NAME, request).build());
                        open.remove(request);
                    }
                    case 2 -> open.remove(request);
                    default -> {
                        stanza.publish(Events.backupCompleted(NAME, request)
                                .setFinishedAt(stanza.now())
                                .build());
                        open.remove(request);
                    }
                }
            }
        }

        private void changePolicy() {
            expectUntil(stanza.now());
            policySince = stanza.now();
            crons.put("one", expression());
            if (random.nextBoolean()) {
                crons.put("other", expression());
            } else {
                crons.remove("other");
            }
            version++;
            stanza.publish(policy());
        }

        /** Not more than a hundred slots in two days: what runs every minute shows nothing more and takes long. */
        private String expression() {
            String expression = RandomExpression.of(random.nextInt(5_000));
            while (new DebianCron(expression, zone)
                            .runs(stanza.now(), stanza.now().plus(Duration.ofDays(2)))
                            .size()
                    > 100) {
                expression = RandomExpression.of(random.nextInt(5_000));
            }
            return expression;
        }

        private Policy policy() {
            StringBuilder yaml = new StringBuilder("stanza: %s\ntimezone: %s\nbackups:\n".formatted(NAME, zone));
            crons.forEach(
                    (name, cron) -> yaml.append("  - {name: %s, type: full, cron: '%s'}\n".formatted(name, cron)));
            yaml.append("missed: {policy: %s%s}\n"
                    .formatted(oneOf("skip", "run-once", "run-all"), random.nextBoolean() ? ", within: 12h" : ""));
            yaml.append("overlap: %s\n".formatted(oneOf("queue", "skip")));
            yaml.append("jitter: %ds\n".formatted(random.nextBoolean() ? 0 : random.nextInt(1_800)));
            yaml.append("retry: {attempts: %d, backoff: 10m}\n".formatted(1 + random.nextInt(3)));
            if (random.nextInt(3) == 0) {
                yaml.append("blackouts: [{name: sunday, cron: '0 1 * * 0', for: 5h}]\n");
            }
            var draft = PolicyReader.read(yaml.toString());
            return PolicyEvents.policy(NAME)
                    .setVersion(version)
                    .setDefinition(draft.definition())
                    .setDigest(draft.digest())
                    .build();
        }

        private String oneOf(String... choices) {
            return choices[random.nextInt(choices.length)];
        }

        private void expectUntil(Instant end) {
            crons.forEach((name, cron) -> expected.computeIfAbsent(name, key -> new HashSet<>())
                    .addAll(new DebianCron(cron, zone).runs(policySince, end)));
        }

        private int compare() {
            Map<String, Set<Instant>> found = new HashMap<>();
            Set<UUID> asked = new HashSet<>();
            for (SlotConcluded slot : stanza.all(SlotConcluded.class)) {
                String what = "seed %d: %s".formatted(seed, slot);
                assertThat(found.computeIfAbsent(slot.getSchedule(), name -> new HashSet<>())
                                .add(slot.getSlot()))
                        .as("once: " + what)
                        .isTrue();
                assertThat(slot.getOccurredAt()).as("not early: " + what).isAfterOrEqualTo(slot.getSlot());
                boolean requested =
                        Set.of(SlotOutcome.REQUESTED, SlotOutcome.CAUGHT_UP).contains(slot.getOutcome());
                assertThat(slot.getRequestId().isPresent()).as(what).isEqualTo(requested);
                slot.getRequestId().ifPresent(asked::add);
            }
            List<UUID> requests = stanza.all(BackupRequested.class).stream()
                    .filter(request -> request.getOrigin() != RequestOrigin.RETRY)
                    .map(BackupRequested::getRequestId)
                    .toList();
            assertThat(requests).as("seed %d", seed).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(asked);
            expected.forEach((name, slots) -> {
                List<Instant> missing = new ArrayList<>(slots);
                missing.removeAll(found.getOrDefault(name, Set.of()));
                // what is not concluded is still delayed by jitter, held back by a blackout, or waits for its turn
                assertThat(missing)
                        .as("seed %d: %s in %s, not concluded until %s", seed, name, zone, stanza.now())
                        .allSatisfy(
                                slot -> assertThat(slot).isAfter(stanza.now().minus(Duration.ofHours(25))));
                assertThat(found.getOrDefault(name, Set.of()))
                        .as("seed %d: %s in %s, not in the calendar", seed, name, zone)
                        .isSubsetOf(slots);
            });
            return stanza.all(SlotConcluded.class).size();
        }
    }
}
