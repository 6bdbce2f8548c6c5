package dev.holdfast.catalog;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Period;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Every knob of the catalog ({@code catalog.*}); an invalid value stops the start.
 *
 * @param db the database ({@code HOLDFAST_CATALOG_DB…})
 * @param queryLimit how long one query may take before it is given up
 * @param eventsKept how long the raw copy of events is kept, counted in whole months of the events' own time; no time at all keeps it for ever
 * @param traces where traces are sent ({@code OTEL_EXPORTER_OTLP_…})
 * @param projector whether this process may project; one that may not only answers
 */
@ConfigurationProperties("catalog")
record CatalogSettings(
        Db db,
        @DefaultValue("5s") Duration queryLimit,
        @DefaultValue("P0D") Period eventsKept,
        @DefaultValue Traces traces,
        @DefaultValue("true") boolean projector) {

    CatalogSettings {
        if (eventsKept.isNegative()) {
            throw new IllegalArgumentException(
                    "catalog.events-kept is %s; expected a time such as P2Y, or P0D for ever".formatted(eventsKept));
        }
    }

    /**
     * Where traces are sent, by the names that OpenTelemetry gives its settings.
     *
     * @param endpoint base address of a collector that takes OTLP over HTTP; empty for none
     * @param headers sent along, as {@code name=value} by commas, values percent-encoded
     */
    record Traces(
            @DefaultValue("") String endpoint,
            @DefaultValue("") String headers) {

        Traces {
            if (!endpoint.isEmpty() && !endpoint.matches("https?://.+")) {
                throw new IllegalArgumentException(
                        "OTEL_EXPORTER_OTLP_ENDPOINT is '%s'; expected an address such as http://collector:4318"
                                .formatted(endpoint));
            }
        }

        Optional<URI> collector() {
            return endpoint.isEmpty() ? Optional.empty() : Optional.of(URI.create(endpoint));
        }

        Map<String, String> headersByName() {
            return Stream.of(headers.split(","))
                    .map(header -> header.split("=", 2))
                    .filter(header -> header.length == 2)
                    .collect(Collectors.toMap(
                            header -> header[0].strip(),
                            header -> URLDecoder.decode(header[1].strip(), StandardCharsets.UTF_8)));
        }

        /** The headers may hold a key. */
        @Override
        public String toString() {
            return endpoint;
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
