package dev.holdfast.bench.catalog;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.Locale;

/** Prints figures as {@code bench/lib/report.sh} does. */
final class Figures {

    private static final PrintStream OUT = System.out;

    private final String name;

    Figures(String name) {
        this.name = name;
    }

    /** One line of the figure. */
    void line(String text) {
        OUT.printf(Locale.ROOT, "%-4s %s%n", name, text);
        OUT.flush();
    }

    /** Least, median, 95th and 99th percentile, worst. */
    static String statistics(double[] values, String unit) {
        double[] sorted = sorted(values);
        return String.format(
                Locale.ROOT,
                "n=%d  least %.1f  median %.1f  p95 %.1f  p99 %.1f  worst %.1f %s",
                sorted.length,
                sorted[0],
                quantile(sorted, 0.5),
                quantile(sorted, 0.95),
                quantile(sorted, 0.99),
                sorted[sorted.length - 1],
                unit);
    }

    static double median(double... values) {
        return quantile(sorted(values), 0.5);
    }

    static double[] sorted(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted;
    }

    /** Of sorted values. */
    static double quantile(double[] sorted, double share) {
        return sorted[Math.min(sorted.length - 1, (int) Math.ceil(share * sorted.length) - 1)];
    }
}
