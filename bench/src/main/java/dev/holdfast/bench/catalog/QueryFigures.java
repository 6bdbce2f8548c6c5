package dev.holdfast.bench.catalog;

import dev.holdfast.testsupport.PostgresCluster;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** P8 and P10: what answers cost with so many rows and with a tenth of them, against the same SQL by pgbench; and the last page against the first. */
final class QueryFigures {

    private static final int PATHS = 2_000;
    private static final int TENTH = 10;
    private static final int DEEP_PAGE = 100_000;
    private static final int LOOKS = 200;

    private final Figures figures = new Figures("P8");
    private final Path scratch;
    private final int seconds;

    private QueryFigures(Path scratch, int seconds) {
        this.scratch = scratch;
        this.seconds = seconds;
    }

    /**
     * P8.
     *
     * @param rows of each kind in the larger catalog
     * @param keep folder in which the filled databases stay; empty for none
     * @param seconds how long each load lasts; 0 only fills
     */
    static void queries(Path scratch, int rows, String keep, int seconds) {
        QueryFigures queries = new QueryFigures(scratch, seconds);
        try (PostgresCluster cluster = Lab.databaseOfRows(keep)) {
            FilledCatalog tenth = FilledCatalog.make(cluster, rows / TENTH);
            FilledCatalog whole = FilledCatalog.make(cluster, rows);
            if (seconds == 0) {
                return;
            }
            Map<String, Load.Result> small = queries.halfLoad(tenth, Map.of());
            queries.halfLoad(whole, small);
        }
    }

    /**
     * Each list and detail at half of the load that the catalog can bear of it.
     *
     * @param small the same of the smaller catalog; empty where this is it, of which nothing is told
     */
    private Map<String, Load.Result> halfLoad(FilledCatalog filled, Map<String, Load.Result> small) {
        Map<String, Load.Result> results = new LinkedHashMap<>();
        boolean told = !small.isEmpty();
        try (RunningCatalog catalog = filled.answering()) {
            Load load = new Load(scratch, catalog);
            Map<String, List<String>> kinds = kinds(filled);
            kinds.values().forEach(paths -> load.most(paths, 1));
            if (told) {
                againstPgbench(filled, load, Objects.requireNonNull(kinds.get("backups of a stanza")));
            }
            kinds.forEach((name, paths) -> {
                Load.Result result = load.half(paths, seconds, load.most(paths, 1));
                results.put(name, result);
                if (told) {
                    tell(name, filled.rows(), result, Objects.requireNonNull(small.get(name)));
                }
            });
            figures.line("catalog with %,d rows of each kind: %s".formatted(filled.rows(), catalog.memory()));
            if (told) {
                new FirstBytes(catalog).measure(pages(filled));
            }
        }
        return results;
    }

    private void tell(String name, int rows, Load.Result result, Load.Result small) {
        figures.line("%-28s %,d rows: %s; p99 %.2f times that of %,d rows"
                .formatted(name, rows, Load.line(result), result.p99() / small.p99(), rows / TENTH));
    }

    private void againstPgbench(FilledCatalog filled, Load load, List<String> paths) {
        double[] http = new double[2];
        double[] sql = new double[2];
        for (int turn = 0; turn < http.length; turn++) {
            sql[turn] = pgbench(filled);
            http[turn] = load.most(paths, seconds).perSecond();
        }
        figures.line(
                "20 newest backups of a stanza: %,.0f answers/s; the same SQL by pgbench, prepared: %,.0f/s; ratio %.2f"
                        .formatted(
                                Figures.median(http), Figures.median(sql), Figures.median(http) / Figures.median(sql)));
    }

    private double pgbench(FilledCatalog filled) {
        String output = Shell.output(
                Map.of("PGOPTIONS", "-c search_path=holdfast"),
                List.of(
                        "pgbench",
                        "-n",
                        "-M",
                        "prepared",
                        "-c",
                        "8",
                        "-j",
                        "1",
                        "-T",
                        String.valueOf(seconds),
                        "-f",
                        Lab.root().resolve("bench/lib/newest-backups.sql").toString(),
                        "-h",
                        "127.0.0.1",
                        "-p",
                        String.valueOf(filled.cluster().port()),
                        "-U",
                        PostgresCluster.SUPERUSER,
                        filled.database()));
        return output.lines()
                .filter(line -> line.startsWith("tps = "))
                .mapToDouble(line -> Double.parseDouble(line.substring(6, line.indexOf(' ', 6))))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(output));
    }

    /** Paths by what they ask for. */
    private static Map<String, List<String>> kinds(FilledCatalog filled) {
        List<String> stanzas = filled.column("select stanza from stanzas order by stanza");
        List<String> requests = sample(filled, "request_id", "requests");
        List<String> labels = sample(filled, "stanza || '/' || label", "backup_sets");
        List<String> tests = sample(filled, "test_id", "restore_tests");
        String middle = filled.column("select to_json(now() - interval '1 year') #>> '{}'")
                .getFirst()
                .replace("+", "%2B");
        String yesterday = filled.column("select to_json(now() - interval '1 day') #>> '{}'")
                .getFirst()
                .replace("+", "%2B");
        Map<String, List<String>> kinds = new LinkedHashMap<>();
        kinds.put("backups of a stanza", paths("/api/v1/backups?limit=20&stanza=%s", stanzas));
        kinds.put("backups of all", List.of("/api/v1/backups?limit=20"));
        kinds.put("failed backups of a stanza", paths("/api/v1/backups?limit=20&outcome=FAILED&stanza=%s", stanzas));
        kinds.put("proven backups of a stanza", paths("/api/v1/backups?limit=20&proven=true&stanza=%s", stanzas));
        kinds.put("vanished backups of all", List.of("/api/v1/backups?limit=20&outcome=VANISHED"));
        kinds.put("backups that one asked for", List.of("/api/v1/backups?limit=20&requestedBy=eve"));
        kinds.put("one backup", paths("/api/v1/backups/%s", labels));
        kinds.put("stanzas", List.of("/api/v1/stanzas?limit=20"));
        kinds.put("requests of all", List.of("/api/v1/requests?limit=20"));
        kinds.put("requests of a stanza", paths("/api/v1/requests?limit=20&stanza=%s", stanzas));
        kinds.put("failed requests of all", List.of("/api/v1/requests?limit=20&state=FAILED"));
        kinds.put("one request and its story", paths("/api/v1/requests/%s", requests));
        kinds.put("restore tests of a stanza", paths("/api/v1/restore-tests?limit=20&stanza=%s", stanzas));
        kinds.put("restore tests of all", List.of("/api/v1/restore-tests?limit=20"));
        kinds.put("one restore test", paths("/api/v1/restore-tests/%s", tests));
        kinds.put("slots of all", List.of("/api/v1/slots?limit=20"));
        kinds.put("slots of a stanza", paths("/api/v1/slots?limit=20&stanza=%s", stanzas));
        kinds.put("events of a stanza", paths("/api/v1/events?limit=20&stanza=%s", stanzas));
        kinds.put("events of the last day", List.of("/api/v1/events?limit=20&since=" + yesterday));
        kinds.put("one stanza", paths("/api/v1/stanzas/%s", stanzas));
        kinds.put("can it be restored to then", paths("/api/v1/stanzas/%s/recoverability?at=" + middle, stanzas));
        kinds.put("what is missing of a stanza", paths("/api/v1/missing?stanza=%s", stanzas));
        kinds.put("what expires next", paths("/api/v1/stanzas/%s/expiry", stanzas));
        kinds.put("page of a stanza", paths("/stanzas/%s", stanzas));
        kinds.put("first page", List.of("/"));
        return kinds;
    }

    /** Every page, by what it shows. */
    private static Map<String, String> pages(FilledCatalog filled) {
        String stanza =
                "/stanzas/" + filled.column("select min(stanza) from stanzas").getFirst();
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put("overview", "/");
        pages.put("stanza", stanza);
        pages.put("backups", "/backups");
        pages.put(
                "backup",
                "/backups/"
                        + sample(filled, "stanza || '/' || label", "backup_sets")
                                .getFirst());
        pages.put("requests", "/requests");
        pages.put(
                "request",
                "/requests/" + sample(filled, "request_id", "requests").getFirst());
        pages.put("restore tests", "/restore-tests");
        pages.put(
                "restore test",
                "/restore-tests/" + sample(filled, "test_id", "restore_tests").getFirst());
        pages.put("slots", "/slots");
        pages.put("calendar of a stanza", "/calendar?" + stanza.replace("/stanzas/", "stanza="));
        pages.put("missing", "/missing");
        pages.put("can it be restored to now", stanza + "/restore");
        return pages;
    }

    private static List<String> sample(FilledCatalog filled, String column, String table) {
        double percent = Math.min(100.0, PATHS * 400.0 / filled.rows());
        return filled.column(
                "select %s from %s tablesample system (%f) limit %d".formatted(column, table, percent, PATHS));
    }

    private static List<String> paths(String form, List<String> values) {
        return values.stream().map(value -> form.replace("%s", value)).toList();
    }

    /** P10: both pages by turns. */
    static void depth(int rows, String keep) {
        try (PostgresCluster cluster = Lab.databaseOfRows(keep)) {
            FilledCatalog filled = FilledCatalog.make(cluster, rows);
            try (RunningCatalog catalog = filled.answering()) {
                int limit = Math.max(1, rows / (DEEP_PAGE + 1));
                int page = Math.min(DEEP_PAGE, rows / limit - 1);
                depth(
                        catalog,
                        filled,
                        "backups",
                        limit,
                        page,
                        cursor(filled, "sort_at", "row_key", "backup_sets", limit * (long) page));
                depth(
                        catalog,
                        filled,
                        "requests",
                        limit,
                        page,
                        cursor(filled, "asked_at", "request_id", "requests", limit * (long) page));
            }
        }
    }

    private static void depth(
            RunningCatalog catalog, FilledCatalog filled, String list, int limit, int page, String cursor) {
        String first = "/api/v1/%s?limit=%d".formatted(list, limit);
        String deep = first + "&cursor=" + cursor;
        double[] firsts = new double[LOOKS];
        double[] deeps = new double[LOOKS];
        for (int look = -LOOKS; look < LOOKS; look++) {
            // the first half warms up
            double one = millis(catalog, first);
            double other = millis(catalog, deep);
            if (look >= 0) {
                firsts[look] = one;
                deeps[look] = other;
            }
        }
        double offset = offset(filled, limit, page);
        new Figures("P10")
                .line(String.format(
                        Locale.ROOT,
                        "%s, %d rows a page: page 1 median %.2f ms, page %,d median %.2f ms, ratio %.2f%s",
                        list,
                        limit,
                        Figures.median(firsts),
                        page,
                        Figures.median(deeps),
                        Figures.median(deeps) / Figures.median(firsts),
                        list.equals("backups")
                                ? String.format(Locale.ROOT, "; by OFFSET the page would take %.0f ms", offset)
                                : ""));
    }

    private static double offset(FilledCatalog filled, int limit, int page) {
        long from = System.nanoTime();
        filled.column(
                "select label from backup_sets where is_known order by sort_at desc, row_key desc offset %d limit %d"
                        .formatted(page * (long) limit, limit));
        return (System.nanoTime() - from) / 1e6;
    }

    private static double millis(RunningCatalog catalog, String path) {
        long from = System.nanoTime();
        if (catalog.json(path).path("items").isEmpty()) {
            throw new IllegalStateException("nothing at " + path);
        }
        return (System.nanoTime() - from) / 1e6;
    }

    /** What the catalog would give as the next of the page before. */
    private static String cursor(FilledCatalog filled, String time, String key, String table, long row) {
        String text = filled.column(
                        "select to_char(%1$s at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') || ' ' || %2$s from %3$s order by %1$s desc, %2$s desc offset %4$d limit 1"
                                .formatted(time, key, table, row - 1))
                .getFirst();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
