package dev.holdfast.scheduler.cron;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Valid cron expressions that look random and are always the same for the same seed. */
public final class RandomExpression {

    private RandomExpression() {}

    /** The random numbers of a seed, the same on every machine. */
    public static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    /** The expression of a seed: its hours are those in which clocks are moved. */
    public static String of(long seed) {
        RandomGenerator random = random(seed);
        return String.join(
                " ",
                field(random, 59),
                field(random, 4),
                oneOf(random, "*", "*", "*", "1", "1-28/3", "*/2"),
                oneOf(random, "*", "*", "1-12", "*/1"),
                oneOf(random, "*", "*", "0", "1-5", "7", "*/3"));
    }

    private static String field(RandomGenerator random, int most) {
        int one = random.nextInt(most + 1);
        int other = random.nextInt(most + 1);
        return switch (random.nextInt(4)) {
            case 0 -> oneOf(random, "*", "*/2", "*/15");
            case 1 -> String.valueOf(one);
            case 2 -> one + "," + other;
            default -> Math.min(one, other) + "-" + Math.max(one, other);
        };
    }

    private static String oneOf(RandomGenerator random, String... choices) {
        return List.of(choices).get(random.nextInt(choices.length));
    }
}
