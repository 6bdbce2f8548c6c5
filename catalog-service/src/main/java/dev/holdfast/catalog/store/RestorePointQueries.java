package dev.holdfast.catalog.store;

import dev.holdfast.catalog.answers.RestorePoint;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Named places in the WAL. */
final class RestorePointQueries {

    private final JdbcClient jdbc;

    RestorePointQueries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Of a stanza, the newest first. */
    List<RestorePoint> list(String stanza, int most) {
        return jdbc.sql(
                        "select created from restore_points where stanza = :stanza order by created ->> 'createdAt' desc, name limit :rows")
                .param("stanza", stanza)
                .param("rows", most)
                .query((rows, number) -> point(new Row(rows)))
                .list();
    }

    private static RestorePoint point(Row row) throws SQLException {
        Fact created = row.fact("created");
        return new RestorePoint(
                created.text("name", ""),
                created.instant("createdAt", Instant.EPOCH),
                created.text("lsn", ""),
                created.text("walSegment", ""),
                created.text("label"),
                created.uuid("requestId"));
    }
}
