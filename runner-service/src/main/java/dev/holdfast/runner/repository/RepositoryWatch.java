package dev.holdfast.runner.repository;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares what the repositories hold with what the log says of them, and writes down the differences and the state. */
public final class RepositoryWatch {

    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);
    private static final int FIRST = 1;
    private static final Logger LOGGER = LoggerFactory.getLogger(RepositoryWatch.class);

    private final RepositorySource source;
    private final Primary primary;
    private final RepositoryFacts facts;
    private final Reconciliation reconciliation;
    private final Duration markEvery;
    private final Clock clock;
    private final Map<String, Instant> marked = new ConcurrentHashMap<>();
    private final Map<String, ReentrantLock> turns = new ConcurrentHashMap<>();
    private final Map<String, List<Integer>> repositories = new ConcurrentHashMap<>();
    private final Map<String, String> troubles = new ConcurrentHashMap<>();

    /**
     * @param state folder that remembers which backups the log knows
     * @param markEvery how often a restore point is made at least; zero for after backups alone
     */
    public RepositoryWatch(
            RepositorySource source,
            Primary primary,
            RepositoryFacts facts,
            Path state,
            Duration markEvery,
            Clock clock) {
        this.source = source;
        this.primary = primary;
        this.facts = facts;
        this.reconciliation = new Reconciliation(source, facts, new KnownBackups(state));
        this.markEvery = markEvery;
        this.clock = clock;
    }

    /**
     * Looks at every repository of the stanza. A repository that cannot be read is reported as such, keeps nobody from the
     * others, and changes nothing in what is known.
     *
     * @throws InterruptedException if the runner stops meanwhile
     */
    public void look(String stanza) throws InterruptedException {
        ReentrantLock turn = turns.computeIfAbsent(stanza, name -> new ReentrantLock());
        turn.lockInterruptibly();
        try {
            Optional<StanzaInfo> info = askedFor(stanza);
            if (info.isPresent()) {
                for (StanzaInfo.Repository repository : info.get().repositories()) {
                    look(stanza, info.get(), repository);
                }
            }
        } catch (RuntimeException e) {
            LOGGER.atWarn()
                    .addKeyValue("stanza", stanza)
                    .addKeyValue("error", String.valueOf(e.getMessage()))
                    .log("what was seen of the repositories could not be told; it will be at the next turn");
        } finally {
            turn.unlock();
        }
    }

    /**
     * What was wrong with a repository at the last look at it, repository to words; empty if nothing was with any. A repository
     * that has not been looked at yet is not in it.
     */
    public Map<String, String> troubles() {
        return new TreeMap<>(troubles);
    }

    /** Where the tool itself cannot tell, each repository that it told of before counts as unreadable, or else the first. */
    private Optional<StanzaInfo> askedFor(String stanza) throws InterruptedException {
        try {
            Optional<StanzaInfo> info = source.info(stanza);
            info.ifPresent(told -> repositories.put(
                    stanza,
                    told.repositories().stream().map(StanzaInfo.Repository::key).toList()));
            return info;
        } catch (RuntimeException e) {
            for (int repository : repositories.getOrDefault(stanza, List.of(FIRST))) {
                unreadable(stanza, repository, e);
            }
            return Optional.empty();
        }
    }

    private void look(String stanza, StanzaInfo info, StanzaInfo.Repository repository) throws InterruptedException {
        Observation observation;
        try {
            if (repository.status().isReadable()) {
                reconciliation.reconcile(stanza, info, repository.key());
            }
            observation = observation(stanza, info, repository);
        } catch (RuntimeException e) {
            unreadable(stanza, repository.key(), e);
            return;
        }
        tell(stanza, observation);
    }

    private void unreadable(String stanza, int repository, RuntimeException trouble) throws InterruptedException {
        String words = String.valueOf(trouble.getMessage());
        LOGGER.atWarn()
                .addKeyValue("stanza", stanza)
                .addKeyValue("repository", repository)
                .addKeyValue("error", words)
                .log("the repository could not be looked at; it will be at the next turn");
        tell(stanza, Observation.unreadable(repository, words));
    }

    private void tell(String stanza, Observation observation) throws InterruptedException {
        String name = "%s, repository %d".formatted(stanza, observation.repository());
        StanzaInfo.Status status = observation.status();
        if (status.isReadable()) {
            troubles.remove(name);
        } else {
            troubles.put(name, status.message());
        }
        Retention retention = new Retention(setting -> source.setting(stanza, setting));
        facts.observed(stanza, observation.keptBy(retention.configured(observation.repository())));
    }

    /**
     * Makes a restore point after a backup, where the database can be reached.
     *
     * @throws InterruptedException if the runner stops meanwhile
     */
    public void mark(String stanza, String label, UUID requestId) throws InterruptedException {
        mark(stanza, "holdfast-" + label, Optional.of(label), Optional.of(requestId));
    }

    /**
     * Makes a restore point between backups, if the last one is too long ago.
     *
     * @throws InterruptedException if the runner stops meanwhile
     */
    public void markIfDue(String stanza) throws InterruptedException {
        Instant now = clock.instant();
        Instant due = marked.getOrDefault(stanza, Instant.EPOCH).plus(markEvery);
        if (markEvery.isPositive() && !now.isBefore(due)) {
            mark(stanza, "holdfast-" + MOMENT.format(now), Optional.empty(), Optional.empty());
        }
    }

    private void mark(String stanza, String name, Optional<String> label, Optional<UUID> requestId)
            throws InterruptedException {
        Optional<RestorePoint> point = primary.createRestorePoint(stanza, name);
        if (point.isPresent()) {
            marked.put(stanza, clock.instant());
            facts.restorePoint(stanza, point.get(), label, requestId);
        }
    }

    private Observation observation(String stanza, StanzaInfo info, StanzaInfo.Repository repository)
            throws InterruptedException {
        if (!repository.status().isReadable()) {
            return Observation.of(
                    info,
                    repository,
                    WalWalk.of(List.of(), Production.UNKNOWN.segmentBytes()),
                    Set.of(),
                    clock.instant());
        }
        Production production = primary.production(stanza);
        WalWalk walk = WalWalk.of(source.archive(stanza, repository.key()), production.segmentBytes());
        Set<Integer> own = ownTimelines(stanza, info, repository.key(), production);
        return Observation.of(info, repository, walk, own, clock.instant()).archivedBy(production.archiver());
    }

    /** The timeline of the running cluster, or of the newest backup where it cannot be asked, and those that led to it. */
    private Set<Integer> ownTimelines(String stanza, StanzaInfo info, int repository, Production production)
            throws InterruptedException {
        Optional<Integer> current = production
                .timeline()
                .or(() -> info.backups().stream()
                        .filter(set -> set.repository() == repository)
                        .reduce((older, newer) -> newer)
                        .flatMap(set -> set.wal().timeline()));
        Set<Integer> own = new HashSet<>();
        if (current.isPresent()) {
            own.add(current.get());
            if (current.get() > 1) {
                for (StanzaInfo.Archive archive : info.archives()) {
                    if (archive.repositoryKey() == repository) {
                        own.addAll(source.ancestors(stanza, archive.id(), current.get(), repository));
                    }
                }
            }
        }
        return own;
    }
}
