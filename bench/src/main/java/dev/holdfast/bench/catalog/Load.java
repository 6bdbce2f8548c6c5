package dev.holdfast.bench.catalog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Load on a catalog, by wrk. */
final class Load {

    private static final int CONNECTIONS = 8;
    private static final long SETTLE_MILLIS = 300;

    private final Path scratch;
    private final RunningCatalog catalog;

    Load(Path scratch, RunningCatalog catalog) {
        this.scratch = scratch;
        this.catalog = catalog;
    }

    /**
     * What came of it.
     *
     * @param perSecond answers a second
     * @param median milliseconds
     * @param p99 milliseconds
     */
    record Result(double perSecond, double median, double p99) {}

    /** As much as there can be. */
    Result most(List<String> paths, int seconds) {
        return run(paths, seconds, 0);
    }

    /** Half of that. */
    Result half(List<String> paths, int seconds, Result most) {
        double apart = CONNECTIONS / (most.perSecond() / 2) * 1_000;
        return run(paths, seconds, Math.max(1, (int) Math.round(apart - most.median() / 2)));
    }

    private Result run(List<String> paths, int seconds, int pauseMillis) {
        Path file = scratch.resolve("paths");
        try {
            Files.write(file, paths);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
        // what the last load left behind must not be this one's burden
        Waiting.pause(SETTLE_MILLIS);
        String output = Shell.output(
                Map.of("PATHS", file.toString(), "PAUSE_MS", String.valueOf(pauseMillis)),
                List.of(
                        "wrk",
                        "-t1",
                        "-c" + CONNECTIONS,
                        "-d" + seconds + "s",
                        "-s",
                        Lab.root().resolve("bench/lib/load.lua").toString(),
                        catalog.address()));
        String[] result = output.substring(output.indexOf("RESULT")).strip().split(" ", -1);
        if (!result[4].equals("0")) {
            throw new IllegalStateException(
                    "%s answers were errors, of paths such as %s".formatted(result[4], paths.getFirst()));
        }
        if (result[1].equals("0.0")) {
            throw new IllegalStateException(
                    "not one answer within %d s, to paths such as %s".formatted(seconds, paths.getFirst()));
        }
        return new Result(Double.parseDouble(result[1]), Double.parseDouble(result[2]), Double.parseDouble(result[3]));
    }

    static String line(Result result) {
        return String.format(
                Locale.ROOT, "%,.0f/s, median %.1f ms, p99 %.1f ms", result.perSecond(), result.median(), result.p99());
    }
}
