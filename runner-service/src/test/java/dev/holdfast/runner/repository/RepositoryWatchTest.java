package dev.holdfast.runner.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.holdfast.runner.backup.BackupKind;
import dev.holdfast.runner.backup.BackupSet;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepositoryWatchTest {

    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final String OLD = "20261125-020000F";
    private static final String NEW = "20261126-020000F";

    @TempDir
    private Path folder;

    private final Repository repository = new Repository();
    private final Remembered facts = new Remembered();

    @Test
    void aBackupThatNobodyRequestedIsDiscoveredOnceAlsoByTheNextLife() throws InterruptedException {
        repository.holds(OLD);

        watch().look("demo");
        watch().look("demo");

        assertThat(facts.words).containsExactly("discovered " + OLD);
    }

    @Test
    void aBackupThatTheRuleRemovedHasExpired() throws InterruptedException {
        repository.settings.put("repo1-retention-full", "1");
        repository.holds(OLD);
        watch().look("demo");
        repository.holds(NEW);

        watch().look("demo");

        assertThat(facts.words).contains("expired " + OLD + " repo1-retention-full=1");
    }

    @Test
    void aBackupThatIsGoneWithoutARuleHasVanished() throws InterruptedException {
        repository.holds(OLD, NEW);
        watch().look("demo");
        repository.holds(NEW);

        watch().look("demo");

        assertThat(facts.words).anyMatch(word -> word.startsWith("vanished " + OLD + " it is not listed any more"));
    }

    @Test
    void aBackupThatIsListedWithoutFilesHasVanished() throws InterruptedException {
        repository.holds(OLD, NEW);
        watch().look("demo");
        repository.folders.remove(OLD);

        watch().look("demo");

        assertThat(facts.words).anyMatch(word -> word.startsWith("vanished " + OLD + " pgBackRest still lists it"));
    }

    @Test
    void anExpiryWhileTheRepositoryIsLookedAtIsNoLoss() throws InterruptedException {
        repository.settings.put("repo1-retention-full", "1");
        repository.holds(OLD);
        watch().look("demo");
        repository.holds(NEW);
        repository.answersFirstWith(OLD, NEW);

        watch().look("demo");

        assertThat(facts.words)
                .contains("expired " + OLD + " repo1-retention-full=1")
                .noneMatch(word -> word.startsWith("vanished"));
    }

    @Test
    void aRepositoryThatCannotBeReadChangesNothingInWhatIsKnown() throws InterruptedException {
        repository.holds(OLD);
        watch().look("demo");
        repository.holds();
        repository.status = new StanzaInfo.Status(99, "permission denied");

        watch().look("demo");

        assertThat(facts.words).containsExactly("discovered " + OLD);
    }

    @Test
    void aToolThatCannotTellMakesItsRepositoriesUnreadableUntilItCan() throws InterruptedException {
        RepositoryWatch watch = watch();
        repository.keys = List.of(1, 2);
        watch.look("demo");
        repository.dead = "'info' did not end within PT5M";

        watch.look("demo");

        assertThat(facts.seen)
                .extracting(Observation::repository, seen -> seen.status().code())
                .containsExactly(tuple(1, 0), tuple(2, 0), tuple(1, 99), tuple(2, 99));
        assertThat(facts.seen.getLast().status().message()).isEqualTo("'info' did not end within PT5M");
        assertThat(watch.troubles()).containsOnlyKeys("demo, repository 1", "demo, repository 2");
        repository.dead = "";
        watch.look("demo");
        assertThat(watch.troubles()).isEmpty();
    }

    @Test
    void aToolThatNeverToldOfARepositoryMakesTheFirstUnreadable() throws InterruptedException {
        repository.dead = "no storage answers";

        watch().look("demo");

        assertThat(facts.seen)
                .extracting(Observation::repository, seen -> seen.status().code())
                .containsExactly(tuple(1, 99));
    }

    @Test
    void aRepositoryWhoseFilesCannotBeListedKeepsNobodyFromTheOthers() throws InterruptedException {
        RepositoryWatch watch = watch();
        repository.keys = List.of(1, 2);
        repository.deadKeys = Set.of(1);
        repository.holds(OLD);

        watch.look("demo");

        assertThat(facts.seen)
                .extracting(Observation::repository, seen -> seen.status().code())
                .containsExactly(tuple(1, 99), tuple(2, 0));
        assertThat(watch.troubles()).containsOnlyKeys("demo, repository 1");
    }

    @Test
    void restorePointsBetweenBackupsAreMadeOnlyWhenTheLastIsTooLongAgo() throws InterruptedException {
        RepositoryWatch watch = watch(Duration.ofHours(1));

        watch.markIfDue("demo");
        watch.markIfDue("demo");
        watch().markIfDue("demo");

        assertThat(facts.words).containsExactly("point holdfast-20261126-120000");
    }

    private RepositoryWatch watch() {
        return watch(Duration.ZERO);
    }

    private RepositoryWatch watch(Duration markEvery) {
        return new RepositoryWatch(
                repository, new Reachable(), facts, folder, markEvery, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static StanzaInfo infoOf(List<Integer> keys, StanzaInfo.Status status, String... labels) {
        return new StanzaInfo(
                "demo",
                status,
                false,
                keys.stream()
                        .map(key -> new StanzaInfo.Repository(key, "none", status))
                        .toList(),
                List.of(),
                List.of(),
                Stream.of(labels).map(RepositoryWatchTest::set).toList());
    }

    private static BackupSet set(String label) {
        return new BackupSet(
                label,
                BackupKind.FULL,
                null,
                List.of(),
                NOW,
                NOW,
                new BackupSet.Wal(null, null, null, null),
                new BackupSet.Sizes(1, 1, 1L, 1),
                1,
                "15",
                "1",
                "none",
                null,
                List.of(),
                Map.of(),
                "2.45");
    }

    /** A stanza's repositories in memory, one unless said otherwise. */
    private static final class Repository implements RepositorySource {
        private final Map<String, String> settings = new HashMap<>();
        private final Set<String> folders = new HashSet<>();
        private final Deque<String[]> staleAnswers = new ArrayDeque<>();
        private StanzaInfo.Status status = new StanzaInfo.Status(0, "ok");
        private String[] labels = {};
        private List<Integer> keys = List.of(1);
        private Set<Integer> deadKeys = Set.of();
        private String dead = "";

        void holds(String... present) {
            labels = present;
            folders.clear();
            folders.addAll(List.of(present));
        }

        void answersFirstWith(String... stale) {
            staleAnswers.add(stale);
        }

        @Override
        public Optional<StanzaInfo> info(String stanza) {
            if (!dead.isEmpty()) {
                throw new IllegalStateException(dead);
            }
            return Optional.of(infoOf(keys, status, staleAnswers.isEmpty() ? labels : staleAnswers.remove()));
        }

        @Override
        public Optional<StanzaInfo> info(String stanza, String label, int repository) {
            return Optional.of(infoOf(keys, status, label));
        }

        @Override
        public List<ArchivedFile> archive(String stanza, int repository) {
            return List.of();
        }

        @Override
        public Set<String> backupFolders(String stanza, int repository) {
            if (deadKeys.contains(repository)) {
                throw new IllegalStateException("repository %d does not answer".formatted(repository));
            }
            return Set.copyOf(folders);
        }

        @Override
        public Set<Integer> ancestors(String stanza, String archiveId, int timeline, int repository) {
            return Set.of();
        }

        @Override
        public Optional<String> setting(String stanza, String key) {
            return Optional.ofNullable(settings.get(key));
        }
    }

    /** A cluster that makes every restore point. */
    private static final class Reachable implements Primary {
        @Override
        public Production production(String stanza) {
            return Production.UNKNOWN;
        }

        @Override
        public Optional<String> systemId(String stanza) {
            return Optional.empty();
        }

        @Override
        public Optional<RestorePoint> createRestorePoint(String stanza, String name) {
            return Optional.of(new RestorePoint(name, "0/1", "000000010000000000000001", NOW));
        }

        @Override
        public boolean showsRunningBackup(String stanza) {
            return false;
        }
    }

    /** A log that remembers words. */
    private static final class Remembered implements RepositoryFacts {
        private final List<String> words = new ArrayList<>();
        private final List<Observation> seen = new ArrayList<>();

        @Override
        public void discovered(String stanza, BackupSet set) {
            words.add("discovered " + set.label());
        }

        @Override
        public void expired(String stanza, int repository, String label, Optional<UUID> requestId, String rule) {
            words.add("expired " + label + " " + rule);
        }

        @Override
        public void vanished(String stanza, int repository, String label, Optional<UUID> requestId, String detail) {
            words.add("vanished " + label + " " + detail);
        }

        @Override
        public void observed(String stanza, Observation observation) {
            seen.add(observation);
        }

        @Override
        public void restorePoint(String stanza, RestorePoint point, Optional<String> label, Optional<UUID> requestId) {
            words.add("point " + point.name());
        }
    }
}
