package dev.holdfast.catalog.store;

import dev.holdfast.catalog.answers.AsOf;
import dev.holdfast.catalog.answers.BadQuestionException;
import dev.holdfast.catalog.answers.EventFilter;
import dev.holdfast.catalog.answers.Page;
import dev.holdfast.catalog.answers.PageWish;
import dev.holdfast.catalog.answers.RawEvent;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Raw events in the order in which the one projector read them: a cursor misses nothing that is added behind it. A rebuild
 * numbers them anew, so a cursor names the projection that it is of.
 */
final class EventQueries {

    /** An event with its evidence may be large: a page of them must not fill the memory. */
    private static final int MOST_BYTES = 2 * 1024 * 1024;

    private final JdbcClient jdbc;

    EventQueries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Page<RawEvent> list(EventFilter filter, PageWish page, AsOf asOf) {
        String generation = generation();
        long after = after(page.cursor(), generation);
        Conditions conditions = new Conditions()
                .and("seq > :after", "after", after)
                .and("stanza = :stanza", "stanza", filter.stanza())
                .and("type = :type", "type", filter.type())
                .and("recorded_at >= :since", "since", filter.since())
                .and("recorded_at <= :until", "until", filter.until());
        List<Found> found = jdbc.sql(sql(conditions.where()))
                .params(conditions.parameters())
                .param("rows", page.limit() + 1)
                .param("bytes", MOST_BYTES)
                .query((rows, number) -> found(new Row(rows), generation))
                .list();
        boolean last = found.isEmpty() || (found.size() == found.getFirst().matching() && found.size() <= page.limit());
        List<RawEvent> shown =
                found.stream().map(Found::event).limit(page.limit()).toList();
        return new Page<>(shown, last ? null : shown.getLast().cursor(), asOf);
    }

    private static String sql(String where) {
        return """
                select * from (
                  select page.*, count(*) over () as matching,
                         sum(pg_column_size(payload)) over (order by seq) - pg_column_size(payload) as bytes_before
                  from (
                    select seq, topic, partition, log_offset, recorded_at, type, known, event_id, occurred_at, stanza,
                           request_id, payload
                    from events %s
                    order by seq limit :rows) as page) as sized
                where bytes_before < :bytes
                order by seq
                """.formatted(where);
    }

    /**
     * @param event an event of a page
     * @param matching how many there are for the page and one more, before their size is looked at
     */
    private record Found(RawEvent event, long matching) {}

    private static Found found(Row row, String generation) throws SQLException {
        return new Found(event(row, generation), row.big("matching"));
    }

    /** The cursor behind the newest event. */
    String end() {
        long last = jdbc.sql("select coalesce(max(seq), 0) from events")
                .query(Long.class)
                .single();
        return cursor(generation(), last);
    }

    private String generation() {
        return jdbc.sql("select left(generation::text, 8) from projection_status")
                .query(String.class)
                .single();
    }

    private static String cursor(String generation, long seq) {
        return generation + "-" + seq;
    }

    private static long after(@Nullable String cursor, String generation) {
        if (cursor == null || cursor.isEmpty() || cursor.equals("beginning")) {
            return 0;
        }
        Optional<Long> seq = seqOf(cursor);
        if (seq.isEmpty()) {
            throw new BadQuestionException(
                    "from is '%s'; expected 'beginning' or a cursor of an earlier answer".formatted(cursor));
        }
        if (!cursor.startsWith(generation + "-")) {
            throw new BadQuestionException(
                    "from is '%s', a cursor of a projection that has been rebuilt since; start at 'beginning' and leave out the eventIds that you have, or use since="
                            .formatted(cursor));
        }
        return seq.get();
    }

    private static Optional<Long> seqOf(String cursor) {
        return cursor.matches("[0-9a-f]{8}-[0-9]{1,18}")
                ? Optional.of(Long.parseLong(cursor.substring(cursor.indexOf('-') + 1)))
                : Optional.empty();
    }

    private static RawEvent event(Row row, String generation) throws SQLException {
        return new RawEvent(
                cursor(generation, row.big("seq")),
                row.needed("topic"),
                row.integer("partition"),
                row.big("log_offset"),
                row.neededInstant("recorded_at"),
                row.needed("type"),
                row.flag("known"),
                row.neededUuid("event_id"),
                row.neededInstant("occurred_at"),
                row.text("stanza"),
                row.uuid("request_id"),
                row.fact("payload").json());
    }
}
