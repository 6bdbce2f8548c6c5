package dev.holdfast.catalog;

import java.time.Duration;
import java.time.Period;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Every knob of the catalog ({@code catalog.*}); an invalid value stops the start.
 *
 * @param db the database ({@code HOLDFAST_CATALOG_DB…})
 * @param queryLimit how long one query may take before it is given up
 * @param eventsKept how long the raw copy of events is kept, counted in whole months of the events' own time; no time at all keeps it for ever
 * @param projector whether this process may project; one that may not only answers
 */
@ConfigurationProperties("catalog")
record CatalogSettings(
        Db db,
        @DefaultValue("5s") Duration queryLimit,
        @DefaultValue("P0D") Period eventsKept,
        @DefaultValue("true") boolean projector) {

    CatalogSettings {
        if (eventsKept.isNegative()) {
            throw new IllegalArgumentException(
                    "catalog.events-kept is %s; expected a time such as P2Y, or P0D for ever".formatted(eventsKept));
        }
    }

    /**
     * The database.
     *
     * @param url JDBC URL of a PostgreSQL database that the role owns
     * @param user the role
     * @param password its password; empty for none
     */
    record Db(
            @DefaultValue("jdbc:postgresql://127.0.0.1:5433/holdfast")
            String url,

            @DefaultValue("holdfast") String user,
            @DefaultValue("") String password) {

        Db {
            if (!url.startsWith("jdbc:postgresql:")) {
                throw new IllegalArgumentException(
                        "HOLDFAST_CATALOG_DB is '%s'; expected jdbc:postgresql://host:port/database".formatted(url));
            }
        }

        @Override
        public String toString() {
            return "%s as %s, password ***".formatted(url, user);
        }
    }
}
