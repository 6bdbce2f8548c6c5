package dev.holdfast.catalog.store;

import dev.holdfast.catalog.answers.Stanza;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which stanzas the newest events are about, so that an answer about a fleet looks at no others again. */
final class StanzaChanges {

    /** From so many events on, all stanzas are looked at sooner. */
    private static final int MOST = 500;

    /**
     * A row for each stanza and for each copy of a service that announced itself, for what it serves no longer is not said. And one of doubt: where there are
     * more events, and where one is about a request that another stanza has had events of. Then it is not known whose row that request is in.
     */
    private static final String CHANGED = """
            with news as materialized (
              select type, stanza, request_id, case when type = 'RunnerAnnounced' then payload end as announced
              from events where seq > :event and known order by seq limit :most)
            select 'stanza' as what, stanza as name, null as pool, null as instance from news where stanza is not null
            union
            select 'stanza', jsonb_array_elements_text(announced -> 'stanzas'), null, null from news where announced is not null
            union
            select 'announcer', announced ->> 'service', announced ->> 'pool', announced ->> 'instance' from news where announced is not null
            union
            select 'doubt', null, null, null
            where (select count(*) from news) = :most
               or exists (select from news join events on events.request_id = news.request_id and events.stanza <> news.stanza)
            """;

    /** To plan the looks into each month of events takes twenty times as long as the looks; what is asked is always as little. */
    private static final String PLAN_ONCE = "set local plan_cache_mode = force_generic_plan";

    private final JdbcClient jdbc;

    StanzaChanges(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Whom events are about.
     *
     * @param stanzas by name
     * @param announcers copies of services, whatever they serve
     */
    record Changed(Set<String> stanzas, Set<Announcer> announcers) {

        boolean announced(Stanza.Server server) {
            return announcers.contains(new Announcer(server.service(), server.pool(), server.instance()));
        }
    }

    /** A copy of a service. */
    record Announcer(
            @Nullable String service,
            @Nullable String pool,
            @Nullable String instance) {}

    private record Line(
            String what,
            @Nullable String name,
            @Nullable String pool,
            @Nullable String instance) {}

    /**
     * Whom the events after this one are about; empty where they are too many, or leave that open. To be called within a transaction, which goes on with plans
     * that are kept.
     */
    Optional<Changed> after(long event) {
        jdbc.sql(PLAN_ONCE).update();
        List<Line> lines = jdbc.sql(CHANGED)
                .param("event", event)
                .param("most", MOST)
                .query((rows, number) -> {
                    Row row = new Row(rows);
                    return new Line(row.needed("what"), row.text("name"), row.text("pool"), row.text("instance"));
                })
                .list();
        Set<String> stanzas = new HashSet<>();
        Set<Announcer> announcers = new HashSet<>();
        for (Line line : lines) {
            switch (line.what()) {
                case "stanza" -> {
                    if (line.name() != null) {
                        stanzas.add(line.name());
                    }
                }
                case "announcer" -> announcers.add(new Announcer(line.name(), line.pool(), line.instance()));
                default -> {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(new Changed(stanzas, announcers));
    }
}
