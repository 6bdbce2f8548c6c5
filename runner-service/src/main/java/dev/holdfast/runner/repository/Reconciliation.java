package dev.holdfast.runner.repository;

import dev.holdfast.runner.backup.BackupSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** Compares the backups of a repository with those that the log knows, and writes down the differences. */
final class Reconciliation {

    private final RepositorySource source;
    private final RepositoryFacts facts;
    private final KnownBackups known;

    Reconciliation(RepositorySource source, RepositoryFacts facts, KnownBackups known) {
        this.source = source;
        this.facts = facts;
        this.known = known;
    }

    /**
     * Tells what has come to a repository and what has gone from it since it was last looked at.
     *
     * @param info what pgBackRest says of the stanza
     * @param repository the number of one of its repositories, which can be read
     * @throws InterruptedException if the runner stops meanwhile
     */
    void reconcile(String stanza, StanzaInfo info, int repository) throws InterruptedException {
        Map<KnownBackups.Key, Optional<UUID>> before = known.read(stanza);
        Map<KnownBackups.Key, Optional<UUID>> now = new TreeMap<>(before);
        reconcile(stanza, info, repository, now);
        if (!now.equals(before)) {
            known.write(stanza, now);
        }
    }

    private void reconcile(String stanza, StanzaInfo info, int repository, Map<KnownBackups.Key, Optional<UUID>> now)
            throws InterruptedException {
        Set<String> folders = source.backupFolders(stanza, repository);
        Set<String> listed = new HashSet<>();
        for (BackupSet set : info.backups()) {
            if (set.repository() == repository && folders.contains(set.label())) {
                listed.add(set.label());
                KnownBackups.Key key = new KnownBackups.Key(repository, set.label());
                if (!now.containsKey(key)) {
                    discover(stanza, set);
                    now.put(key, set.requestId());
                }
            }
        }
        for (KnownBackups.Key key : List.copyOf(now.keySet())) {
            if (key.repository() == repository && !listed.contains(key.label())) {
                gone(stanza, key, now.getOrDefault(key, Optional.empty()), info, listed);
                now.remove(key);
            }
        }
    }

    /** What a request made has its own fact. */
    private void discover(String stanza, BackupSet set) throws InterruptedException {
        if (set.requestId().isEmpty()) {
            BackupSet full = Boolean.TRUE.equals(set.damaged())
                    ? source.info(stanza, set.label(), set.repository()).stream()
                            .flatMap(info -> info.backups().stream())
                            .findFirst()
                            .orElse(set)
                    : set;
            facts.discovered(stanza, full);
        }
    }

    private void gone(
            String stanza, KnownBackups.Key key, Optional<UUID> requestId, StanzaInfo info, Set<String> listed)
            throws InterruptedException {
        // an expiry that ran since info was read has taken the set off the list before it removed a file
        boolean stillListed = lists(info, key)
                && source.info(stanza).filter(again -> lists(again, key)).isPresent();
        Retention retention = new Retention(setting -> source.setting(stanza, setting));
        Optional<String> rule =
                stillListed ? Optional.empty() : retention.ruleFor(key.label(), key.repository(), listed);
        if (rule.isPresent()) {
            facts.expired(stanza, key.repository(), key.label(), requestId, rule.get());
        } else {
            facts.vanished(
                    stanza,
                    key.repository(),
                    key.label(),
                    requestId,
                    stillListed
                            ? "pgBackRest still lists it, but its files are missing; a restore of it fails"
                            : "it is not listed any more, and no configured retention explains that");
        }
    }

    private static boolean lists(StanzaInfo info, KnownBackups.Key key) {
        return info.backups().stream()
                .anyMatch(set ->
                        set.repository() == key.repository() && set.label().equals(key.label()));
    }
}
