package dev.holdfast.catalog.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of the table of events, a month each: makes them before they are needed and drops those that need not be kept. All within the
 * projector's transactions.
 */
final class EventMonths {

    private static final Logger LOGGER = LoggerFactory.getLogger(EventMonths.class);

    /** Before this there was no Holdfast: an older event has a wrong clock, and gets no month of its own. */
    private static final YearMonth FIRST = YearMonth.of(2015, 1);

    private static final int MONTHS_AHEAD = 2;

    /** The columns by name: a table that was made by an older version may have them in another order. */
    private static final String COLUMNS =
            "event_id, seq, type, known, topic, partition, log_offset, recorded_at, occurred_at, stanza, request_id, test_id, label, payload";

    private final Connection connection;
    private final Clock clock;
    private final List<Part> parts = new ArrayList<>();

    EventMonths(Connection connection, Clock clock) {
        this.connection = connection;
        this.clock = clock;
    }

    /** A part that exists. */
    private record Part(String name, Instant since, Instant until) {
        boolean holds(Instant instant) {
            return !instant.isBefore(since) && instant.isBefore(until);
        }
    }

    /** Makes the months that the instants lie in, and those of now and soon; instants beyond have no month. */
    void makeFor(List<Instant> instants) throws SQLException {
        if (parts.isEmpty()) {
            parts.addAll(known());
        }
        YearMonth last = monthOf(clock.instant()).plusMonths(MONTHS_AHEAD);
        SortedSet<YearMonth> missing = new TreeSet<>();
        for (Instant instant : instants) {
            if (!isKept(instant)) {
                YearMonth month = monthOf(instant);
                if (!month.isBefore(FIRST) && !month.isAfter(last)) {
                    missing.add(month);
                }
            }
        }
        for (YearMonth month : missing) {
            make(month);
        }
    }

    /** Makes this month and the next ones, so that they are there before their first event. */
    void makeAhead() throws SQLException {
        List<Instant> soon = new ArrayList<>();
        YearMonth now = monthOf(clock.instant());
        for (int ahead = 0; ahead <= MONTHS_AHEAD; ahead++) {
            soon.add(start(now.plusMonths(ahead)));
        }
        makeFor(soon);
    }

    /** After a rollback nobody knows which months there are. */
    void forget() {
        parts.clear();
    }

    /**
     * Drops the months that ended longer ago than this, and says since when events are whole.
     *
     * @param kept no months at all keeps everything
     */
    void dropOlderThan(Period kept) throws SQLException {
        if (kept.isZero()) {
            return;
        }
        Instant horizon =
                OffsetDateTime.now(clock.withZone(ZoneOffset.UTC)).minus(kept).toInstant();
        Optional<Instant> whole = Optional.empty();
        for (Part part : known()) {
            if (!part.until().isAfter(horizon)) {
                drop(part);
                whole = whole.filter(before -> before.isAfter(part.until())).or(() -> Optional.of(part.until()));
            }
        }
        if (whole.isPresent()) {
            say(whole.get());
            forget();
        }
    }

    private boolean isKept(Instant instant) {
        return parts.stream().anyMatch(part -> part.holds(instant));
    }

    private List<Part> known() throws SQLException {
        List<Part> known = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select name, greatest(since, timestamptz '0001-01-01'), until from event_months order by until")) {
            while (rows.next()) {
                known.add(new Part(
                        rows.getString(1),
                        rows.getTimestamp(2).toInstant(),
                        rows.getTimestamp(3).toInstant()));
            }
        }
        return known;
    }

    /** Events of the month that came before it was made lie elsewhere; they move. */
    private void make(YearMonth month) throws SQLException {
        String name = String.format(Locale.ROOT, "events_%04d_%02d", month.getYear(), month.getMonthValue());
        Part part = new Part(name, start(month), start(month.plusMonths(1)));
        String bounds = "'%s' and occurred_at < '%s'".formatted(part.since(), part.until());
        try (Statement statement = connection.createStatement();
                PreparedStatement note =
                        connection.prepareStatement("insert into event_months (name, since, until) values (?, ?, ?)")) {
            statement.execute(
                    "create table %s (like events including defaults including constraints) with (toast_tuple_target = 4080, autovacuum_enabled = %s)"
                            .formatted(name, !isGrowing(statement)));
            // as the whole table has it, see V5; a month does not take it over
            statement.execute("alter table %s alter column payload set statistics 0".formatted(name));
            statement.execute(
                    "with moved as (delete from events_elsewhen where occurred_at >= %2$s returning %3$s) insert into %1$s (%3$s) select %3$s from moved"
                            .formatted(name, bounds, COLUMNS));
            statement.execute("alter table events attach partition %s for values from ('%s') to ('%s')"
                    .formatted(name, part.since(), part.until()));
            note.setString(1, name);
            note.setTimestamp(2, Timestamp.from(part.since()));
            note.setTimestamp(3, Timestamp.from(part.until()));
            note.executeUpdate();
        }
        parts.add(part);
    }

    /** As AnswerIndexes has it of the months that there were already. */
    private static boolean isGrowing(Statement statement) throws SQLException {
        try (ResultSet row =
                statement.executeQuery("select exists (select from deferred_indexes where owner = 'events')")) {
            return row.next() && row.getBoolean(1);
        }
    }

    private void drop(Part part) throws SQLException {
        try (Statement statement = connection.createStatement();
                PreparedStatement note = connection.prepareStatement("delete from event_months where name = ?")) {
            statement.execute("drop table %s".formatted(part.name()));
            note.setString(1, part.name());
            note.executeUpdate();
        }
        LOGGER.info("raw events are no longer kept month={} until={}", part.name(), part.until());
    }

    private void say(Instant whole) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("update projection_status set events_since = greatest(events_since, ?)")) {
            update.setTimestamp(1, Timestamp.from(whole));
            update.executeUpdate();
        }
    }

    private static YearMonth monthOf(Instant instant) {
        return YearMonth.from(instant.atOffset(ZoneOffset.UTC));
    }

    private static Instant start(YearMonth month) {
        return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
