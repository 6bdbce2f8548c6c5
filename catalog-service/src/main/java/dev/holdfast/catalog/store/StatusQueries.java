package dev.holdfast.catalog.store;

import dev.holdfast.catalog.answers.AsOf;
import java.sql.SQLException;
import java.util.Map;
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
        return new AsOf(position, row.instant("recorded_at"), row.flag("caught_up"));
    }

    void wishForRebuild() {
        jdbc.sql("update projection_status set rebuild_wanted = true").update();
    }
}
