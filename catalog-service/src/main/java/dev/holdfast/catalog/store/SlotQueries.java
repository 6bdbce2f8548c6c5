package dev.holdfast.catalog.store;

import dev.holdfast.catalog.answers.PageWish;
import dev.holdfast.catalog.answers.Slot;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Scheduled instants. */
final class SlotQueries {

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
        Conditions conditions = new Conditions()
                .and("stanza = :stanza", "stanza", stanza)
                .and("outcome = :outcome", "outcome", outcome)
                .and("slot >= :from", "from", from)
                .and("slot < :to", "to", to)
                .before("slot, row_key", Cursor.of(page.cursor()), "");
        return new Listing<>(jdbc.sql("select stanza, kind, schedule, slot, outcome, concluded, row_key from slots "
                        + conditions.where() + " order by slot desc, row_key desc limit :rows")
                .params(conditions.parameters())
                .param("rows", page.limit() + 1)
                .query((rows, number) -> listed(new Row(rows)))
                .list());
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
                fact.text("requestedType"));
        return new Listing.Listed<>(slot, new Cursor(slot.slot(), row.needed("row_key")));
    }
}
