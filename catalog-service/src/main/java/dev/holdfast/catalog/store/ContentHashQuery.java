package dev.holdfast.catalog.store;

import dev.holdfast.catalog.answers.AsOf;
import dev.holdfast.catalog.answers.ContentHash;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Hashes the projection: of each row everything but where and when its records were read, and of each table the sum over
 * its rows, which knows no order. Heartbeats and announcements are left out: their topics forget them.
 */
final class ContentHashQuery {

    /** Columns that tell the log's place or time, or follow from a heartbeat. */
    private static final String LEFT_OUT = """
            array['seq', 'partition', 'log_offset', 'recorded_at', 'requested_recorded', 'asked_at', 'sort_at', 'position',
                  'requested_position', 'started_position', 'completed_position', 'failed_position', 'rejected_position',
                  'unserved_position', 'cancel_position', 'discovered_position', 'expired_position', 'vanished_position',
                  'progress', 'progress_at', 'seen_at', 'observed_at', 'queued_recorded']""";

    private static final Duration LIMIT = Duration.ofMinutes(15);

    private static final Map<String, String> TABLES = new TreeMap<>(Map.ofEntries(
            Map.entry(
                    "events",
                    "where type not in ('BackupProgressed', 'RestoreTestProgressed', 'RunnerAnnounced', 'Policy')"),
            Map.entry(
                    "requests",
                    "where coalesce(requested, started, completed, failed, rejected, unserved, cancel) is not null or test_verdict is not null"),
            Map.entry("backup_sets", ""),
            Map.entry("restore_tests", "where coalesce(requested, started, completed, unserved) is not null"),
            Map.entry("queue", ""),
            Map.entry("policies", ""),
            Map.entry("slots", ""),
            Map.entry("objectives", ""),
            Map.entry("proof_coverage", ""),
            Map.entry("repositories", ""),
            Map.entry("restore_points", "")));

    private final JdbcTemplate template;
    private final JdbcClient jdbc;

    ContentHashQuery(JdbcTemplate template) {
        this.template = template;
        this.jdbc = JdbcClient.create(template);
    }

    /** Reads every row, which takes longer than an answer may. To be called within a transaction, on whose connection the limits are lifted. */
    ContentHash hash(AsOf asOf) {
        template.execute("set local statement_timeout = %d".formatted(LIMIT.toMillis()));
        int usual = networkTimeout(Math.toIntExact(LIMIT.toMillis()));
        try {
            return ofAllTables(asOf);
        } finally {
            networkTimeout(usual);
        }
    }

    /** Sets how long the connection waits for the database, milliseconds, and gives what it was. */
    private int networkTimeout(int millis) {
        return Objects.requireNonNull(template.execute((ConnectionCallback<Integer>) connection -> {
            int before = connection.getNetworkTimeout();
            connection.setNetworkTimeout(Runnable::run, millis);
            return before;
        }));
    }

    private ContentHash ofAllTables(AsOf asOf) {
        Map<String, ContentHash.TableHash> tables = new LinkedHashMap<>();
        TABLES.forEach((table, rows) -> tables.put(table, of(table, rows)));
        return new ContentHash(sha256(List.copyOf(tables.values())), tables, asOf);
    }

    private ContentHash.TableHash of(String table, String rows) {
        // two sums with different seeds: 128 bits against chance
        return jdbc.sql("""
                        select count(*) as rows,
                               coalesce(sum(hashtextextended(content, 1)), 0) || '/' ||
                               coalesce(sum(hashtextextended(content, 2)), 0) as hash
                        from (select (to_jsonb(t) - %s)::text as content from %s t %s) as contents
                        """.formatted(LEFT_OUT, table, rows))
                .query((row, number) -> new ContentHash.TableHash(row.getLong("rows"), row.getString("hash")))
                .single();
    }

    private static String sha256(List<ContentHash.TableHash> tables) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(tables.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
