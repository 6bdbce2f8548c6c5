package dev.holdfast.runner.repository;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What can be asked about a repository. Every method may throw a runtime exception when the tool cannot be run. */
public interface RepositorySource {

    /** What the tool says of the stanza; empty if it does not list it. */
    Optional<StanzaInfo> info(String stanza) throws InterruptedException;

    /** The set with its list of damaged files; empty if it is gone. */
    Optional<StanzaInfo> info(String stanza, String label, int repository) throws InterruptedException;

    /** Every file of the WAL archive. */
    List<ArchivedFile> archive(String stanza, int repository) throws InterruptedException;

    /** Names of the backup folders that are really there. */
    Set<String> backupFolders(String stanza, int repository) throws InterruptedException;

    /** The timelines that led to this one, without itself, from its history file; empty if there is none. */
    Set<Integer> ancestors(String stanza, String archiveId, int timeline, int repository) throws InterruptedException;

    /** A setting of the tool; empty if it is not set. */
    Optional<String> setting(String stanza, String key);
}
