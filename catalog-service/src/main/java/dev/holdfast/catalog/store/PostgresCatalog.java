package dev.holdfast.catalog.store;

import dev.holdfast.catalog.answers.Answer;
import dev.holdfast.catalog.answers.AsOf;
import dev.holdfast.catalog.answers.Audit;
import dev.holdfast.catalog.answers.Backup;
import dev.holdfast.catalog.answers.BackupFilter;
import dev.holdfast.catalog.answers.Catalog;
import dev.holdfast.catalog.answers.ContentHash;
import dev.holdfast.catalog.answers.EventFilter;
import dev.holdfast.catalog.answers.Missing;
import dev.holdfast.catalog.answers.Page;
import dev.holdfast.catalog.answers.PageWish;
import dev.holdfast.catalog.answers.Past;
import dev.holdfast.catalog.answers.Period;
import dev.holdfast.catalog.answers.RawEvent;
import dev.holdfast.catalog.answers.Request;
import dev.holdfast.catalog.answers.RestorePoint;
import dev.holdfast.catalog.answers.RestoreTest;
import dev.holdfast.catalog.answers.Slot;
import dev.holdfast.catalog.answers.SlotDay;
import dev.holdfast.catalog.answers.Stanza;
import dev.holdfast.catalog.answers.StoryLine;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Answers from PostgreSQL, each from one snapshot, so that what it says and what it says it reflects belong together. */
public final class PostgresCatalog implements Catalog {

    private final TransactionTemplate snapshot;
    private final TransactionTemplate scratch;
    private final JdbcTemplate template;
    private final @Nullable Instant past;
    private final FleetPages fleet = new FleetPages();
    private final StatusQueries status;
    private final StanzaQueries stanzas;
    private final BackupQueries backups;
    private final RequestQueries requests;
    private final RestoreTestQueries tests;
    private final SlotQueries slots;
    private final RestorePointQueries points;
    private final MissingQueries missing;
    private final AuditQueries audits;
    private final EventQueries events;
    private final ContentHashQuery hash;
    private final Lock oneHash = new ReentrantLock();

    /** A catalog over {@link Database#queryPool}, whose transactions see one moment each. */
    public PostgresCatalog(DataSource pool, PlatformTransactionManager transactions) {
        this(new JdbcTemplate(pool), transactions, null);
    }

    private PostgresCatalog(JdbcTemplate template, PlatformTransactionManager transactions, @Nullable Instant past) {
        this.template = template;
        this.past = past;
        this.snapshot = new TransactionTemplate(transactions);
        snapshot.setReadOnly(true);
        this.scratch = new TransactionTemplate(transactions);
        JdbcClient jdbc = JdbcClient.create(template);
        this.status = new StatusQueries(jdbc);
        this.stanzas = new StanzaQueries(jdbc);
        this.backups = new BackupQueries(jdbc);
        this.requests = new RequestQueries(jdbc);
        this.tests = new RestoreTestQueries(jdbc);
        this.slots = new SlotQueries(jdbc);
        this.points = new RestorePointQueries(jdbc);
        this.missing = new MissingQueries(jdbc);
        this.audits = new AuditQueries(jdbc);
        this.events = new EventQueries(jdbc);
        this.hash = new ContentHashQuery(template);
    }

    @Override
    public <T> T asOf(Past wanted, Function<Catalog, T> question) {
        PlatformTransactionManager transactions = Objects.requireNonNull(scratch.getTransactionManager());
        return Objects.requireNonNull(scratch.execute(transaction -> {
            transaction.setRollbackOnly();
            new PastProjection(template).putBeforeThePresent(wanted);
            return question.apply(new PostgresCatalog(template, transactions, wanted.instant()));
        }));
    }

    private AsOf reflected() {
        return past == null ? status.asOf() : status.asOf(past);
    }

    private <T> T answer(Supplier<T> question) {
        return Objects.requireNonNull(snapshot.execute(transaction -> question.get()));
    }

    private <T> Optional<Answer<T>> one(Supplier<Optional<T>> question) {
        return answer(() -> question.get().map(item -> new Answer<>(item, reflected())));
    }

    @Override
    public Page<Stanza> stanzas(PageWish page) {
        return answer(() -> {
            AsOf asOf = reflected();
            // the past has no position of its own
            return past == null
                    ? fleet.page(page, status.moment(asOf.position()), asOf, stanzas.fleet(page, asOf))
                    : stanzas.list(page, asOf);
        });
    }

    @Override
    public Page<Stanza> stanzasWithoutValidBackup(Instant since, PageWish page) {
        return answer(() -> stanzas.withoutValidBackup(since, page, reflected()));
    }

    @Override
    public Optional<Answer<Stanza>> stanza(String stanza) {
        return one(() -> stanzas.byName(stanza));
    }

    @Override
    public Page<Backup> backups(BackupFilter filter, PageWish page) {
        return answer(() -> backups.list(filter, page).page(page, reflected()));
    }

    @Override
    public List<Answer<Backup>> backup(String stanza, String label) {
        return answer(() -> backups.byLabel(stanza, label).stream()
                .map(backup -> new Answer<>(backup, reflected()))
                .toList());
    }

    @Override
    public Page<Request> requests(@Nullable String stanza, @Nullable String state, Period asked, PageWish page) {
        return answer(() -> requests.list(stanza, state, asked, page).page(page, reflected()));
    }

    @Override
    public Optional<Answer<Request>> request(UUID requestId) {
        return one(() -> requests.byId(requestId));
    }

    @Override
    public List<StoryLine> storyOfBackup(String stanza, String label) {
        return answer(() -> requests.ofBackup(stanza, label));
    }

    @Override
    public Page<RestoreTest> restoreTests(
            @Nullable String stanza, @Nullable String label, @Nullable String verdict, Period asked, PageWish page) {
        return answer(() -> tests.list(stanza, label, verdict, asked, page).page(page, reflected()));
    }

    @Override
    public List<Double> secondsUntilReady(String stanza, int most) {
        return answer(() -> tests.secondsUntilReady(stanza, most));
    }

    @Override
    public Optional<Answer<RestoreTest>> restoreTest(UUID testId) {
        return one(() -> tests.byId(testId));
    }

    @Override
    public Optional<String> evidence(UUID testId) {
        return answer(() -> tests.evidence(testId));
    }

    @Override
    public Page<Slot> slots(
            @Nullable String stanza,
            @Nullable String outcome,
            @Nullable Instant from,
            @Nullable Instant to,
            PageWish page) {
        return answer(() -> slots.list(stanza, outcome, from, to, page).page(page, reflected()));
    }

    @Override
    public Page<SlotDay> slotDays(@Nullable String stanza, Instant from, Instant to) {
        return answer(() -> new Page<>(slots.days(stanza, from, to), null, reflected()));
    }

    @Override
    public List<RestorePoint> restorePoints(String stanza, int most) {
        return answer(() -> points.list(stanza, most));
    }

    @Override
    public Answer<Missing> missing(@Nullable String stanza) {
        return answer(() -> new Answer<>(missing.report(stanza, past), reflected()));
    }

    @Override
    public Answer<Audit> audit(@Nullable String stanza, Instant from, Instant to) {
        return answer(() -> new Answer<>(audits.report(stanza, from, to), reflected()));
    }

    @Override
    public Page<RawEvent> events(EventFilter filter, PageWish page) {
        return answer(() -> events.list(filter, page, reflected()));
    }

    @Override
    public String endOfEvents() {
        return answer(events::end);
    }

    @Override
    public AsOf asOf() {
        return answer(this::reflected);
    }

    @Override
    public ContentHash contentHash() {
        // it may take minutes, and must not take all connections
        oneHash.lock();
        try {
            return answer(() -> hash.hash(reflected()));
        } finally {
            oneHash.unlock();
        }
    }

    @Override
    public void wishForRebuild() {
        // the projector changes the same row all the time, which in a snapshot would be an error
        TransactionTemplate wish = new TransactionTemplate(Objects.requireNonNull(scratch.getTransactionManager()));
        wish.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
        wish.executeWithoutResult(transaction -> status.wishForRebuild());
    }

    @Override
    public boolean isRebuildWanted() {
        return answer(status::isRebuildWanted);
    }
}
