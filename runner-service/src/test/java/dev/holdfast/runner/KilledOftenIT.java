package dev.holdfast.runner;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kills the runner, pgBackRest's whole process group and the broker, at every point of a request's way. Figures R4, R6 and
 * R3 of the runner: {@code bench/run R4} does it two hundred times, in several stanzas side by side.
 */
class KilledOftenIT {

    private static final Logger LOGGER = LoggerFactory.getLogger(KilledOftenIT.class);
    private static final int KILLS = Figures.count(15);
    /** Most of a kill is waiting, for a broker or a runner to come back. */
    private static final int LANES = Math.clamp(KILLS / 40, 1, 4);

    /** What became of a lane. */
    private record Suffered(KillingLane lane, Leftovers left) {}

    @Test
    void whateverIsKilledAndWheneverEachRequestHasOneBackupAndOneEndAndNothingIsLeft() throws Exception {
        long seed = Figures.seed();
        LOGGER.info("{} kills in {} lanes, seed {}", KILLS, LANES, seed);
        List<KillingLane.Kill> schedule = KillingLane.schedule(KILLS, seed);
        List<KillingLane> lanes = new ArrayList<>();
        try (ExecutorService sideBySide = Executors.newFixedThreadPool(LANES)) {
            List<Callable<Suffered>> all = new ArrayList<>();
            for (int i = 0; i < LANES; i++) {
                KillingLane lane = new KillingLane(seed + i);
                lanes.add(lane);
                List<KillingLane.Kill> share = schedule.subList(KILLS * i / LANES, KILLS * (i + 1) / LANES);
                all.add(() -> new Suffered(lane, lane.suffer(share)));
            }
            List<Suffered> suffered = new ArrayList<>();
            for (Future<Suffered> one : sideBySide.invokeAll(all)) {
                suffered.add(one.get());
            }
            leaveFigures(seed, suffered);
        } finally {
            lanes.forEach(KillingLane::close);
        }
    }

    private static void leaveFigures(long seed, List<Suffered> suffered) {
        List<String> lines = new ArrayList<>(List.of(
                "seed " + seed,
                "requests " + sum(suffered, one -> one.lane().requests()),
                "backups " + sum(suffered, one -> one.lane().backups()),
                "uncommitted " + sum(suffered, one -> one.lane().uncommitted()),
                "processes " + sum(suffered, one -> one.left().processes().size()),
                "locks " + sum(suffered, one -> one.left().locks().size()),
                "files " + sum(suffered, one -> one.left().files().size())));
        Arrays.stream(KillingLane.Victim.values())
                .map(victim -> victim.name().toLowerCase(Locale.ROOT)
                        + " "
                        + sum(suffered, one -> one.lane().kills().getOrDefault(victim, 0)))
                .forEach(lines::add);
        Figures.leave("kills", lines);
        Figures.leave(
                "recoveries",
                suffered.stream()
                        .flatMap(one -> one.lane().recoveries().stream())
                        .map(String::valueOf)
                        .toList());
    }

    private static int sum(List<Suffered> suffered, ToIntFunction<Suffered> part) {
        return suffered.stream().mapToInt(part).sum();
    }
}
