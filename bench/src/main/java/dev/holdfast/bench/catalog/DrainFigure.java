package dev.holdfast.bench.catalog;

import dev.holdfast.testsupport.FreePorts;
import dev.holdfast.testsupport.PostgresCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * P6: how fast the log is drained into PostgreSQL, each event exactly once. Product, raw program and Debezium's JDBC sink, by turns, over the same
 * topics and the same PostgreSQL; each is timed from its first commit to its last, so that no start counts.
 */
final class DrainFigure {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final long OFFSETS_MILLIS = 50;
    private static final long ROWS_MILLIS = 500;
    /** One short until the indexes are made that the projection grew without. */
    private static final String PRODUCT_OFFSETS =
            "select coalesce(sum(next_offset), 0) - (exists (select from holdfast.deferred_indexes))::int from holdfast.log_offsets";

    private static final String RAW_OFFSETS = "select coalesce(sum(next_offset), 0) from raw_offsets";
    /** By name: what it is made of comes with the peer. */
    private static final String CONVERTER = "dev.holdfast.bench.catalog.EventRowConverter";

    private static final String PEER_ROWS = "select count(*) from raw_events";

    private final Figures figures = new Figures("P6");
    private final Lab lab;
    private final Path scratch;
    private final long records;

    private DrainFigure(Lab lab, Path scratch, long records) {
        this.lab = lab;
        this.scratch = scratch;
        this.records = records;
    }

    /**
     * @param lives how many backups' lives lie in the topics
     * @param rounds how often product and raw program take turns
     * @param debezium folder with the peer's jars; none where it is empty
     */
    static void measure(Path scratch, int lives, int rounds, String debezium) {
        try (Lab lab = Lab.open()) {
            long records = new Lives(1_000, lives).publish(lab.kafka());
            new DrainFigure(lab, scratch, records).measure(rounds, debezium);
        }
    }

    private void measure(int rounds, String debezium) {
        figures.line("%,d events, drained by turns".formatted(records));
        double[] raw = new double[rounds];
        double[] product = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            raw[round] = raw("raw_" + round);
            product[round] = product("product_" + round);
        }
        figures.line("raw COPY and upsert: median %,.0f events/s".formatted(Figures.median(raw)));
        figures.line("product: median %,.0f events/s, %.2f of raw"
                .formatted(Figures.median(product), Figures.median(product) / Figures.median(raw)));
        if (!debezium.isEmpty()) {
            double peer = peer(debezium);
            figures.line("product: %.1f times Debezium's JDBC sink".formatted(Figures.median(product) / peer));
        }
    }

    private double raw(String database) {
        create(database, RawRows.TABLE);
        try (Child child = Child.java(
                scratch.resolve(database + ".log"),
                System.getProperty("java.class.path"),
                Map.of(
                        "HOLDFAST_KAFKA",
                        lab.kafka().bootstrapServers(),
                        "HOLDFAST_REGISTRY",
                        lab.kafka().registry()),
                RawProjection.class.getName(),
                lab.cluster().jdbcUrl(database),
                PostgresCluster.SUPERUSER,
                String.valueOf(records))) {
            return timed("raw", child.pid(), database, RAW_OFFSETS, OFFSETS_MILLIS);
        }
    }

    private double product(String database) {
        create(database, "select 1");
        try (RunningCatalog catalog = lab.catalog(database)) {
            double rate = timed("product", catalog.process().pid(), database, PRODUCT_OFFSETS, OFFSETS_MILLIS);
            long kept = number(database, "select count(*) from holdfast.events");
            if (kept != records) {
                throw new IllegalStateException("%d events are kept of %d".formatted(kept, records));
            }
            figures.line("  catalog: " + catalog.memory());
            return rate;
        }
    }

    private double peer(String debezium) {
        create("peer", RawRows.TABLE);
        Path worker = scratch.resolve("connect-worker.properties");
        Path sink = scratch.resolve("connect-sink.properties");
        write(worker, """
                bootstrap.servers=%s
                key.converter=org.apache.kafka.connect.converters.ByteArrayConverter
                value.converter=%s
                value.converter.schema.registry.url=%s
                offset.storage.file.filename=%s
                listeners=http://127.0.0.1:%d
                plugin.discovery=only_scan
                """.formatted(
                        lab.kafka().bootstrapServers(),
                        CONVERTER,
                        lab.kafka().registry(),
                        scratch.resolve("connect.offsets"),
                        FreePorts.next()));
        write(sink, """
                name=peer
                connector.class=io.debezium.connector.jdbc.JdbcSinkConnector
                tasks.max=1
                topics.regex=holdfast\\\\.(backup|repository|restore-test|policy)\\\\.(requests|events)
                consumer.override.max.poll.records=5000
                consumer.override.auto.offset.reset=earliest
                connection.url=%s?reWriteBatchedInserts=true
                connection.username=%s
                connection.password=none
                insert.mode=upsert
                primary.key.mode=record_value
                primary.key.fields=event_id
                schema.evolution=none
                collection.name.format=raw_events
                batch.size=5000
                """.formatted(lab.cluster().jdbcUrl("peer"), PostgresCluster.SUPERUSER));
        try (Child connect = Child.java(
                scratch.resolve("connect.log"),
                debezium + "/*:" + System.getProperty("java.class.path"),
                Map.of(),
                "org.apache.kafka.connect.cli.ConnectStandalone",
                worker.toString(),
                sink.toString())) {
            return timed("Debezium's JDBC sink", connect.pid(), "peer", PEER_ROWS, ROWS_MILLIS);
        }
    }

    /** Events a second between the first and the last commit. */
    private double timed(String who, long client, String database, String count, long everyMillis) {
        try (Meter meter = new Meter(lab.cluster(), database, count, everyMillis)) {
            long first = await(who, client, meter, 1);
            long from = System.nanoTime();
            long postmaster = Lab.postmaster(lab.cluster());
            double clientBefore = Cpu.of(client);
            double databaseBefore = Cpu.of(postmaster);
            // the raw program ends with its last commit: what it used is taken while it lives
            double clientUsed = 0;
            long done = first;
            while (done < records) {
                clientUsed = Math.max(clientUsed, Cpu.of(client) - clientBefore);
                done = await(who, client, meter, done + 1);
            }
            double seconds = (System.nanoTime() - from) / 1e9;
            double databaseUsed = Cpu.of(postmaster) - databaseBefore;
            long counted = records - first;
            figures.line("  %s: %,.0f events/s; processor microseconds an event: %.1f in the client, %.1f in PostgreSQL"
                    .formatted(who, counted / seconds, clientUsed * 1e6 / counted, databaseUsed * 1e6 / counted));
            return counted / seconds;
        }
    }

    /** How far it is, once that is at least so far. */
    private long await(String who, long client, Meter meter, long atLeast) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long done = meter.read();
        while (done < atLeast) {
            boolean ended = ProcessHandle.of(client).isEmpty();
            if (System.nanoTime() > deadline || (ended && meter.read() < atLeast)) {
                throw new IllegalStateException("%s stands at %d of %d events%s; logs: %s"
                        .formatted(who, done, records, ended ? " and has ended" : "", scratch));
            }
            meter.pause();
            done = meter.read();
        }
        return done;
    }

    private void create(String database, String sql) {
        lab.cluster().createDatabase(database);
        lab.cluster().sqlIn(database, sql);
    }

    private long number(String database, String sql) {
        return Long.parseLong(lab.cluster().sqlIn(database, sql).getFirst());
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
