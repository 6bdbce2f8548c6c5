package dev.holdfast.catalog.store;

import dev.holdfast.catalog.answers.BadQuestionException;
import dev.holdfast.catalog.answers.PageWish;
import dev.holdfast.catalog.answers.Slot;
import dev.holdfast.catalog.answers.SlotDay;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Scheduled instants. */
final class SlotQueries {

    private static final String STATE =
            "(select q.state from requests q where q.request_id = (s.concluded ->> 'requestId')::uuid) as request_state";

    private static final String SLOTS =
            "select stanza, kind, schedule, slot, outcome, concluded, row_key, " + STATE + " from slots s ";

    private static final String JUDGED =
            "select stanza, (slot at time zone 'UTC')::date::text as day, outcome, " + STATE + " from slots s ";

    /** A year of a stanza, or a month of some hundred. */
    private static final int MOST_DAYS = 20_000;

    private final JdbcClient jdbc;

    SlotQueries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Listing<Slot> list(
            @Nullable String stanza,
            @Nullable String outcome,
            @Nullable Instant from,
            @Nullable Instant to,
            PageWish page) {
        Conditions conditions = of(stanza, from, to)
                .and("outcome = :outcome", "outcome", outcome)
                .before("slot, row_key", Cursor.of(page.cursor()), "");
        return new Listing<>(jdbc.sql(SLOTS + conditions.where() + " order by slot desc, row_key desc limit :rows")
                .params(conditions.parameters())
                .param("rows", page.limit() + 1)
                .query((rows, number) -> listed(new Row(rows)))
                .list());
    }

    private static Conditions of(@Nullable String stanza, @Nullable Instant from, @Nullable Instant to) {
        return new Conditions()
                .and("stanza = :stanza", "stanza", stanza)
                .and("slot >= :from", "from", from)
                .and("slot < :to", "to", to);
    }

    private static Listing.Listed<Slot> listed(Row row) throws SQLException {
        Fact fact = row.fact("concluded");
        Slot slot = new Slot(
                row.needed("stanza"),
                row.needed("schedule"),
                row.needed("kind"),
                row.neededInstant("slot"),
                row.needed("outcome"),
                fact.uuid("requestId"),
                fact.text("reason", ""),
                fact.text("requestedType"),
                row.text("request_state"));
        return new Listing.Listed<>(slot, new Cursor(slot.slot(), row.needed("row_key")));
    }

    /** Counted by day. */
    List<SlotDay> days(@Nullable String stanza, Instant from, Instant to) {
        Conditions conditions = of(stanza, from, to);
        List<SlotDay> days = jdbc.sql(
                        "select stanza, day, outcome, request_state, count(*) as slots from (" + JUDGED
                                + conditions.where()
                                + ") as judged group by stanza, day, outcome, request_state order by day, stanza, outcome, request_state limit :rows")
                .params(conditions.parameters())
                .param("rows", MOST_DAYS + 1)
                .query((rows, number) -> day(new Row(rows)))
                .list();
        if (days.size() > MOST_DAYS) {
            throw new BadQuestionException(
                    "from %s to %s more happened than one answer may hold; ask about one stanza, or a shorter time"
                            .formatted(from, to));
        }
        return days;
    }

    private static SlotDay day(Row row) throws SQLException {
        return new SlotDay(
                row.needed("stanza"),
                LocalDate.parse(row.needed("day")),
                row.needed("outcome"),
                row.text("request_state"),
                row.integer("slots"));
    }
}
