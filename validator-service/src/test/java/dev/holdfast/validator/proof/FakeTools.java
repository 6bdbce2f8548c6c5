package dev.holdfast.validator.proof;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** A world in which all is well, until a test changes one thing. Remembers what was opened and closed. */
public final class FakeTools implements SandboxEngine, BackupEngine, DatabaseEngine, DemandBook {

    /** The stanza of this world. */
    public static final String STANZA = "shop";

    static final String LABEL = "20261122-160000F";
    private static final String SYSTEM = "7711028887553986772";

    Optional<ProofStopped> opening = Optional.empty();
    List<Backup> backups = List.of(backup(LABEL));
    List<Backup> backupsLater = backups;
    Optional<ProofStopped> unreadable = Optional.empty();
    Optional<ProofStopped> unreadableLater = Optional.empty();
    SortedSet<Integer> others = new TreeSet<>();
    Optional<String> history = Optional.empty();
    Reason meaning = Reason.WAL_DAMAGED;
    SortedSet<String> remembered = new TreeSet<>();
    ArchiveListing archive = listing(1, 5);
    ArchiveListing archiveLater = archive;
    boolean unlisted;
    Restored restored = new Restored.Complete("restored");
    List<String> majors = List.of("15");
    String systemId = SYSTEM;
    boolean pageChecksums = true;
    boolean ready = true;
    boolean inRecovery;
    boolean outOfMemory;
    boolean outOfSpace;
    Optional<ProofStopped> silence = Optional.empty();
    boolean repositoryWritable;
    long free = 1L << 40;
    Map<String, String> limitsInside = Map.of("memory", "1024", "processes", "max");
    RecoveryLog log = backupEndLog();
    Check dump = Check.passed(Check.DUMP, Duration.ZERO, "");
    Check amcheck = Check.passed(Check.AMCHECK, Duration.ZERO, "");
    Check pages = Check.passed(Check.PAGE_CHECKSUMS, Duration.ZERO, "");
    Check query = Check.passed(Check.QUERY, Duration.ZERO, "");
    Verification verification =
            new Verification(Optional.empty(), List.of(new Verification.SetStatus(LABEL, "valid", "")), List.of());
    Inventory inventory = new Inventory(
            new TreeMap<>(Map.of("shop: table public.item", "")),
            new TreeMap<>(Map.of("shop: public", "0a0a")),
            List.of(new Inventory.Table("shop: public.item", 10, Optional.empty())),
            Optional.empty());
    Demands demands = Demands.none();
    Reply reply = new Reply.Value(Optional.of("1"));
    Optional<Error> breakage = Optional.empty();
    String replayed = "0/3000100";
    private int opened;
    private int closed;
    private int listings;
    private boolean running;
    private Runnable meanwhile = () -> {};

    /** This world as the proof takes it. */
    public RestoreProof.Tools tools() {
        return new RestoreProof.Tools(this, this, this, this);
    }

    /** The limits of a quick test. */
    public static RestoreProof.Limits limits() {
        return new RestoreProof.Limits(
                Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofDays(1));
    }

    /** Lets the restore break off in a way that nobody foresaw. */
    public void breakWith(Error error) {
        breakage = Optional.of(error);
    }

    /** Lets something happen in the middle of a proof. */
    public void whileProving(Runnable event) {
        meanwhile = event;
    }

    /** How many sandboxes were made. */
    public int opened() {
        return opened;
    }

    int closed() {
        return closed;
    }

    static Backup backup(String label) {
        return backup(label, 1, 3);
    }

    static Backup backup(String label, int timeline, int segment) {
        return new Backup(
                label,
                "full",
                List.of(),
                "15-1",
                1,
                Optional.of(new WalSegment(timeline, 0, segment)),
                Optional.of(new WalSegment(timeline, 0, segment)),
                Optional.of(Lsn.parse("0/%d000100".formatted(segment))),
                Instant.parse("2026-11-22T16:00:00Z"),
                Instant.parse("2026-11-22T16:00:10Z"),
                1000,
                false,
                "15",
                SYSTEM);
    }

    /** An incremental backup, which needs one other and has the same WAL. */
    static Backup incr(String label, String full) {
        Backup like = backup(label);
        return new Backup(
                label,
                "incr",
                List.of(full),
                like.archiveId(),
                like.repository(),
                like.walStart(),
                like.walStop(),
                like.lsnStop(),
                like.startedAt(),
                like.stoppedAt(),
                like.bytes(),
                like.damagedPages(),
                like.postgresVersion(),
                like.systemId());
    }

    static ArchiveListing listing(int first, int last) {
        SortedMap<String, ArchiveListing.Stamp> files = new TreeMap<>();
        for (int number = first; number <= last; number++) {
            files.put(path(1, number), new ArchiveListing.Stamp(100, 1_000 + number));
        }
        return new ArchiveListing(files);
    }

    static String path(int timeline, int number) {
        WalSegment segment = new WalSegment(timeline, 0, number);
        return "15-1/%s/%s-%040d.lz4".formatted(segment.toString().substring(0, 16), segment, number);
    }

    static RecoveryLog backupEndLog() {
        return log(
                "LOG:  consistent recovery state reached at 0/3000100",
                "LOG:  recovery stopping after reaching consistency",
                "LOG:  archive recovery complete");
    }

    static RecoveryLog log(String... lines) {
        RecoveryLog log = new RecoveryLog();
        List.of(lines).forEach(log::add);
        return log;
    }

    @Override
    public Sandbox open(Wanted wanted) {
        opening.ifPresent(stopped -> {
            throw stopped;
        });
        opened++;
        return new FakeSandbox();
    }

    @Override
    public String kind() {
        return "docker";
    }

    @Override
    public void removeLeftovers() {
        opened = 0;
    }

    @Override
    public RepositoryPlace locate(TestOrder order) {
        return new RepositoryPlace(new RepositoryPlace.Folder(Path.of("/repo")), "", 101, 104);
    }

    @Override
    public SortedSet<Integer> otherRepositories(TestOrder order) {
        return others;
    }

    @Override
    public Stock stock(Sandbox sandbox, TestOrder order) {
        unreadable.ifPresent(stopped -> {
            throw stopped;
        });
        return new Stock(list(sandbox, order), archive(sandbox, order));
    }

    @Override
    public boolean holds(Sandbox sandbox, TestOrder order) {
        return unlisted;
    }

    @Override
    public Listing list(Sandbox sandbox, TestOrder order) {
        listings++;
        if (listings > 1 && unreadableLater.isPresent()) {
            throw unreadableLater.get();
        }
        return new Listing("2.45", listings == 1 ? backups : backupsLater);
    }

    @Override
    public SortedSet<String> remembered(Sandbox sandbox, TestOrder order) {
        return remembered;
    }

    @Override
    public ArchiveListing archive(Sandbox sandbox, TestOrder order) {
        ArchiveListing now = archive;
        archive = archiveLater;
        return now;
    }

    @Override
    public Optional<String> history(Sandbox sandbox, TestOrder order, String archiveId, int timeline) {
        return history;
    }

    @Override
    public Reason meaning(String complaint) {
        return meaning;
    }

    @Override
    public Verification verify(Sandbox sandbox, TestOrder order, Duration limit) {
        return verification;
    }

    @Override
    public Inventory inventory(Sandbox sandbox, Duration limit) {
        return inventory;
    }

    @Override
    public Questions questions(Sandbox sandbox) {
        return _ -> reply;
    }

    @Override
    public Demands of(String stanza) {
        return demands;
    }

    @Override
    public Restoration restore(Sandbox sandbox, Plan plan) {
        breakage.ifPresent(error -> {
            throw error;
        });
        return new Restoration(restored, Optional.of("a".repeat(64)));
    }

    @Override
    public Inside prepare(Sandbox sandbox) {
        return new Inside(
                "101:104",
                List.of("lo"),
                "0",
                true,
                true,
                repositoryWritable,
                List.of("/repo:ro"),
                free,
                Optional.of(majors.get(Math.min(opened, majors.size()) - 1)),
                limitsInside);
    }

    @Override
    public Control control(Sandbox sandbox) {
        return new Control(systemId, 16L << 20, pageChecksums, List.of());
    }

    @Override
    public Server start(Sandbox sandbox, Control control, Plan plan) {
        running = ready;
        return new Server() {
            @Override
            public boolean awaitReady(Duration limit) {
                return running;
            }

            @Override
            public RecoveryLog log() {
                return log;
            }
        };
    }

    @Override
    public Answers ask(Sandbox sandbox) {
        silence.ifPresent(stopped -> {
            throw stopped;
        });
        return new Answers("15.18", inRecovery, Optional.of(Lsn.parse(replayed)), query);
    }

    @Override
    public Check dump(Sandbox sandbox) {
        meanwhile.run();
        return dump;
    }

    @Override
    public Check amcheck(Sandbox sandbox) {
        return amcheck;
    }

    @Override
    public void stop(Sandbox sandbox) {
        running = false;
    }

    @Override
    public Check pageChecksums(Sandbox sandbox, Control control) {
        return pages;
    }

    @Override
    public boolean ranOutOfMemory(Sandbox sandbox) {
        return outOfMemory;
    }

    @Override
    public boolean ranOutOfSpace(Sandbox sandbox) {
        return outOfSpace;
    }

    private final class FakeSandbox implements Sandbox {

        private boolean gone;

        @Override
        public String workspace() {
            return "/restore";
        }

        @Override
        public Optional<String> repository() {
            return Optional.of("/repo");
        }

        @Override
        public Optional<String> brokenWay() {
            return Optional.empty();
        }

        @Override
        public long diskLimit() {
            return 1L << 40;
        }

        @Override
        public Finished run(Command command) {
            return new Finished(0, "", "");
        }

        @Override
        public Running start(List<String> arguments, Consumer<String> lines) {
            return limit -> Optional.of(0);
        }

        @Override
        public String kind() {
            return "docker";
        }

        @Override
        public Optional<String> imageDigest() {
            return Optional.of("sha256:abc");
        }

        @Override
        public String network() {
            return "none";
        }

        @Override
        public Map<String, String> limits() {
            return Map.of("memory", "1024", "processes", "64", "disk", "absent");
        }

        @Override
        public void close() {
            closed += gone ? 0 : 1;
            gone = true;
        }
    }
}
