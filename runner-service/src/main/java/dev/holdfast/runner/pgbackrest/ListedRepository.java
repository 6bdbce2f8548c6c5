package dev.holdfast.runner.pgbackrest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.runner.repository.ArchivedFile;
import dev.holdfast.runner.repository.RepositorySource;
import dev.holdfast.runner.repository.StanzaInfo;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The repositories as {@code info} and {@code repo-ls} list them. */
final class ListedRepository implements RepositorySource {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern LABEL = Pattern.compile("[0-9]{8}-[0-9]{6}F(?:_[0-9]{8}-[0-9]{6}[DI])?");
    private static final Pattern ANCESTOR = Pattern.compile("(?m)^(\\d+)\\s");

    private final Pgbackrest tool;
    private final ToolFacts facts;

    ListedRepository(Pgbackrest tool, ToolFacts facts) {
        this.tool = tool;
        this.facts = facts;
    }

    @Override
    public Optional<StanzaInfo> info(String stanza) throws InterruptedException {
        Optional<StanzaInfo> info = redacted(() -> tool.info(stanza));
        info.ifPresent(facts::observed);
        return info.map(told -> told.worded(facts.redaction()::applied));
    }

    @Override
    public Optional<StanzaInfo> info(String stanza, String label, int repository) throws InterruptedException {
        return redacted(() -> tool.info(stanza, label, OptionalInt.of(repository)));
    }

    @Override
    public List<ArchivedFile> archive(String stanza, int repository) throws InterruptedException {
        return filesIn(redacted(() -> tool.listing(stanza, "archive/" + stanza, repository, true)));
    }

    /** The files of a recursive listing. */
    static List<ArchivedFile> filesIn(byte[] listing) {
        List<ArchivedFile> files = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : parsed(listing).properties()) {
            if (entry.getValue().path("type").asText().equals("file")) {
                Instant time =
                        Instant.ofEpochSecond(entry.getValue().path("time").asLong());
                files.add(new ArchivedFile(entry.getKey(), time));
            }
        }
        return files;
    }

    @Override
    public Set<String> backupFolders(String stanza, int repository) throws InterruptedException {
        Set<String> folders = new HashSet<>();
        byte[] listing = redacted(() -> tool.listing(stanza, "backup/" + stanza, repository, false));
        for (Map.Entry<String, JsonNode> entry : parsed(listing).properties()) {
            if (LABEL.matcher(entry.getKey()).matches()) {
                folders.add(entry.getKey());
            }
        }
        return folders;
    }

    @Override
    public Set<Integer> ancestors(String stanza, String archiveId, int timeline, int repository)
            throws InterruptedException {
        String path = "archive/%s/%s/%08X.history".formatted(stanza, archiveId, timeline);
        Set<Integer> ancestors = new HashSet<>();
        try {
            Matcher matcher = ANCESTOR.matcher(tool.repositoryFile(stanza, path, repository));
            while (matcher.find()) {
                ancestors.add(Integer.parseInt(matcher.group(1)));
            }
        } catch (ToolTrouble e) {
            // an archive of an older cluster has no history of this timeline
            return Set.of();
        }
        return ancestors;
    }

    @Override
    public Optional<String> setting(String stanza, String key) {
        return facts.configured(stanza, key);
    }

    private interface Question<T> {
        T answer() throws InterruptedException;
    }

    /** What goes wrong ends in events. */
    private <T> T redacted(Question<T> question) throws InterruptedException {
        try {
            return question.answer();
        } catch (ToolTrouble e) {
            throw new ToolTrouble(facts.redaction().applied(String.valueOf(e.getMessage())), e);
        }
    }

    private static JsonNode parsed(byte[] listing) {
        try {
            return JSON.readTree(listing);
        } catch (IOException e) {
            throw new ToolTrouble("pgbackrest repo-ls answered no JSON", e);
        }
    }
}
