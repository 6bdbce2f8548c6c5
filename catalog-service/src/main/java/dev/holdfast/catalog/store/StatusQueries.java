package dev.holdfast.catalog.store;

import dev.holdfast.catalog.answers.AsOf;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the projector last said of itself. */
final class StatusQueries {

    private final JdbcClient jdbc;

    StatusQueries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A projector that has not reported for a while may have ended: then nobody knows whether it had caught up. */
    AsOf asOf() {
        return jdbc.sql("""
                        select position, recorded_at,
                               caught_up and checked_at > clock_timestamp() - interval '15 seconds' as caught_up
                        from projection_status
                        """).query((rows, number) -> asOf(new Row(rows))).single();
    }

    private static AsOf asOf(Row row) throws SQLException {
        Map<String, Long> position = new TreeMap<>();
        row.fact("position")
                .json()
                .properties()
                .forEach(topic -> position.put(topic.getKey(), topic.getValue().asLong()));
        return new AsOf(position, row.instant("recorded_at"), row.flag("caught_up"), null);
    }

    /** The same for an answer that reflects nothing recorded after the instant. */
    AsOf asOf(Instant past) {
        Instant newest = jdbc.sql("select max(recorded_at) from events where recorded_at <= :past")
                .param("past", Timestamp.from(past))
                .query((rows, number) -> Optional.ofNullable(new Row(rows).instant("max")))
                .single()
                .orElse(null);
        return new AsOf(Map.of(), newest, asOf().caughtUp(), past);
    }

    /**
     * What the content follows from.
     *
     * @param position records read of each topic, as {@link #asOf()} has said in the same transaction
     */
    FleetPages.Moment moment(Map<String, Long> position) {
        // until it has caught up for the first time, what is new would be looked for without indexes
        return jdbc.sql("""
                        select generation, last_value, case when caught_up then last_event end as last_event
                        from projection_status, events_seq
                        """)
                .query((rows, number) -> moment(new Row(rows), position))
                .single();
    }

    private static FleetPages.Moment moment(Row row, Map<String, Long> position) throws SQLException {
        String generation = row.needed("generation");
        String lastEvent = row.text("last_event");
        return new FleetPages.Moment(
                generation + "-" + row.needed("last_value"),
                generation,
                position,
                lastEvent == null ? null : Long.valueOf(lastEvent));
    }

    boolean isRebuildWanted() {
        return jdbc.sql("select rebuild_wanted from projection_status")
                .query(Boolean.class)
                .single();
    }

    void wishForRebuild() {
        jdbc.sql("update projection_status set rebuild_wanted = true").update();
    }
}
