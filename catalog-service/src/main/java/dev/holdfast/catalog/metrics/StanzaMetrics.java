package dev.holdfast.catalog.metrics;

import dev.holdfast.catalog.answers.Catalog;
import dev.holdfast.catalog.answers.Health;
import dev.holdfast.catalog.answers.Page;
import dev.holdfast.catalog.answers.PageWish;
import dev.holdfast.catalog.answers.Stanza;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Asks the catalog at each scrape. What is not known has no sample, and a catalog that cannot answer says just that, so that an alert on absence
 * finds both.
 */
@Component
final class StanzaMetrics implements MultiCollector {

    private static final Logger LOGGER = LoggerFactory.getLogger(StanzaMetrics.class);
    private static final double YES = 1;
    private static final double NO = 0;

    private final Catalog catalog;
    private final Clock clock;

    StanzaMetrics(Catalog catalog, Clock clock, PrometheusRegistry registry) {
        this.catalog = catalog;
        this.clock = clock;
        registry.register(this);
    }

    @Override
    public MetricSnapshots collect() {
        Samples samples = new Samples();
        try {
            boolean caughtUp = tell(samples);
            samples.add("holdfast_catalog_caught_up", "1 if the projection has read all there is", flag(caughtUp));
            samples.add("holdfast_catalog_answers", "1 if the catalog's database answers", YES);
        } catch (DataAccessException | TransactionException e) {
            LOGGER.debug("no metrics of stanzas: the database does not answer", e);
            samples = new Samples();
            samples.add("holdfast_catalog_answers", "1 if the catalog's database answers", NO);
        }
        return samples.snapshots();
    }

    /** True if the projection had caught up. */
    private boolean tell(Samples samples) {
        Instant now = clock.instant();
        boolean caughtUp = true;
        String cursor = null;
        Page<Stanza> page;
        do {
            page = catalog.stanzas(new PageWish(PageWish.LARGEST, cursor));
            page.items().forEach(stanza -> tell(samples, stanza, now));
            caughtUp &= page.asOf().caughtUp();
            cursor = page.next();
        } while (cursor != null);
        if (page.asOf().recordedAt() != null) {
            samples.add(
                    "holdfast_catalog_newest_event_age_seconds",
                    "Since the log took the newest event that the catalog knows",
                    seconds(page.asOf().recordedAt(), now));
        }
        return caughtUp;
    }

    private static void tell(Samples samples, Stanza stanza, Instant now) {
        String name = stanza.stanza();
        Health.Level level = Health.of(stanza, now).level();
        samples.add(
                "holdfast_stanza_trouble",
                "1 if a promise is broken or a restore would not work",
                flag(level == Health.Level.TROUBLE),
                "stanza",
                name);
        samples.add(
                "holdfast_stanza_attention",
                "1 if nothing is broken but something is not known to be good",
                flag(level == Health.Level.ATTENTION),
                "stanza",
                name);
        samples.add(
                "holdfast_stanza_backed_up",
                "1 if there is a backup that could be restored; 0 also where there never was one",
                flag(stanza.lastBackup() != null),
                "stanza",
                name);
        samples.add("holdfast_backups_running", "Backup runs that go on", stanza.running(), "stanza", name);
        samples.add(
                "holdfast_backups_vanished",
                "Backups that are gone though nothing expired them; no more than a few are counted",
                stanza.missing().size(),
                "stanza",
                name);
        if (stanza.lastBackup() != null) {
            samples.add(
                    "holdfast_backup_age_seconds",
                    "Since the newest backup ended",
                    seconds(stanza.lastBackup().finishedAt(), now),
                    "stanza",
                    name);
        }
        if (stanza.lastProof() != null) {
            samples.add(
                    "holdfast_proof_age_seconds",
                    "Since the last telling restore test ended",
                    seconds(stanza.lastProof().at(), now),
                    "stanza",
                    name);
            samples.add(
                    "holdfast_proof_passed",
                    "1 if the last telling restore test passed",
                    flag(stanza.lastProof().verdict().equals("PASSED")),
                    "stanza",
                    name);
        }
        stanza.window().stream()
                .map(Stanza.Span::to)
                .max(Comparator.naturalOrder())
                .ifPresent(to -> samples.add(
                        "holdfast_exposure_seconds",
                        "What would be lost if the primary vanished, as last observed",
                        seconds(to, now),
                        "stanza",
                        name));
        stanza.objectives().forEach(objective -> tell(samples, name, objective));
        stanza.repositories().forEach(repository -> tell(samples, name, repository));
    }

    private static void tell(Samples samples, String stanza, Stanza.Objective objective) {
        String[] labels = {"stanza", stanza, "objective", objective.name()};
        samples.add("holdfast_objective_met", "1 if the promise is kept", flag(objective.met()), labels);
        samples.add(
                "holdfast_objective_limit_seconds",
                "What is promised",
                (double) objective.limit().toSeconds(),
                labels);
        if (objective.value() != null) {
            samples.add(
                    "holdfast_objective_value_seconds",
                    "What was the case when the promise was last judged",
                    (double) objective.value().toSeconds(),
                    labels);
        }
    }

    private static void tell(Samples samples, String stanza, Stanza.Repository repository) {
        String number = String.valueOf(repository.repository());
        if (repository.archiverLagSeconds() != null) {
            samples.add(
                    "holdfast_archiver_lag_seconds",
                    "From the last archived segment to the runner's last look",
                    (double) repository.archiverLagSeconds(),
                    "stanza",
                    stanza,
                    "repository",
                    number);
        }
        Stanza.Archiver archiver = repository.archiver();
        if (archiver != null) {
            String[] labels = {"stanza", stanza, "repository", number};
            samples.add(
                    "holdfast_archiver_failing",
                    "1 if the cluster's last attempt to archive a WAL segment failed",
                    flag(archiver.failing()),
                    labels);
            samples.add(
                    "holdfast_archiver_failed_attempts",
                    "Attempts to archive that failed since the cluster's statistics were last reset",
                    (double) archiver.failed(),
                    labels);
        }
        if (repository.repositoryBytes() != null) {
            samples.add(
                    "holdfast_repository_bytes",
                    "What the listed backups take",
                    (double) repository.repositoryBytes(),
                    "stanza",
                    stanza,
                    "repository",
                    number);
        }
        samples.add(
                "holdfast_wal_missing_segments",
                "WAL segments missing between others in the archive",
                (double) repository.gaps().stream()
                        .mapToLong(Stanza.Gap::segments)
                        .sum(),
                "stanza",
                stanza,
                "repository",
                number);
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toSeconds();
    }

    private static double flag(boolean yes) {
        return yes ? YES : NO;
    }
}
