package dev.holdfast.runner.setup;

import dev.holdfast.runner.backup.Failure;
import dev.holdfast.runner.repository.Primary;
import dev.holdfast.runner.repository.StanzaInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The histories of the timelines that a promoted cluster has been on, brought to where its WAL goes: PostgreSQL archives one only
 * at the promotion itself, and recovers on no timeline by its number without its history. Those that do not lead to the
 * cluster's own timeline, which it may have fetched from an archive once, stay where they are: pushed, they would lead a
 * recovery to the newest timeline astray.
 */
final class TimelineHistories {

    private static final Pattern ANCESTOR = Pattern.compile("(?m)^\\s*(\\d+)\\s");

    private final SetupTool tool;
    private final Primary primary;
    private final Report report;
    private final boolean carryOut;

    /**
     * @param carryOut false to look and to say what would be done, and no more
     */
    TimelineHistories(SetupTool tool, Primary primary, Report report, boolean carryOut) {
        this.tool = tool;
        this.primary = primary;
        this.report = report;
        this.carryOut = carryOut;
    }

    /**
     * Pushes those that a repository lacks.
     *
     * @return false if a repository has another one in their place, or one could not be pushed; it has been said
     * @throws InterruptedException if the program is told to end
     */
    boolean arrive(String stanza) throws InterruptedException {
        try {
            for (Path file : files(stanza)) {
                if (!arrives(stanza, file)) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            report.wrong(
                    "the histories of the cluster's timelines cannot be read: " + e.getMessage(),
                    "Run this as the user who owns the cluster, on its host.");
        } catch (RuntimeException e) {
            report.wrong(
                    "what the repository has of the cluster's timelines cannot be read: " + e.getMessage(),
                    "See that its storage answers. Then run init again.");
        }
        return false;
    }

    /** In the cluster's pg_wal, the oldest first; empty where there are none, or the cluster is elsewhere or does not answer. */
    private List<Path> files(String stanza) throws IOException {
        Optional<Integer> timeline = primary.production(stanza).timeline();
        if (timeline.isEmpty() || tool.setting(stanza, "pg1-host").isPresent()) {
            return List.of();
        }
        Path folder = Path.of(tool.setting(stanza, "pg1-path").orElseThrow(), "pg_wal");
        Path own = folder.resolve(nameOf(timeline.get()));
        if (!Files.exists(own)) {
            return List.of();
        }
        List<Path> files = new ArrayList<>();
        Matcher ancestor = ANCESTOR.matcher(Files.readString(own));
        while (ancestor.find()) {
            Path file = folder.resolve(nameOf(Integer.parseInt(ancestor.group(1))));
            if (Files.exists(file)) {
                files.add(file);
            }
        }
        files.add(own);
        return files;
    }

    private static String nameOf(int timeline) {
        return "%08X.history".formatted(timeline);
    }

    private boolean arrives(String stanza, Path file) throws IOException, InterruptedException {
        String name = String.valueOf(file.getFileName());
        String own = Files.readString(file);
        List<StanzaInfo.Database> archives =
                tool.info(stanza).map(StanzaInfo::currentDatabases).orElse(List.of());
        boolean missing = archives.isEmpty();
        for (StanzaInfo.Database archive : archives) {
            Optional<String> there = tool.archived(stanza, archive, name);
            if (there.isPresent() && !there.get().equals(own)) {
                report.wrong(
                        "repository %d has another %s than the cluster: a cluster that was promoted apart from this one archives there"
                                .formatted(archive.repositoryKey(), name),
                        "Nothing was changed. See which of the two is production, and give the other a stanza of its own.");
                return false;
            }
            missing |= there.isEmpty();
        }
        return !missing || isPushed(stanza, file);
    }

    private boolean isPushed(String stanza, Path file) throws InterruptedException {
        report.say(carryOut ? "to do" : "would run", String.join(" ", tool.pushCommand(stanza, file)));
        if (!carryOut) {
            return true;
        }
        Optional<Failure> failure = tool.push(stanza, file);
        if (failure.isPresent()) {
            report.wrong(
                    "%s was not archived: %s"
                            .formatted(file.getFileName(), failure.get().message()),
                    failure.get().hint());
            return false;
        }
        report.say("done", "%s is archived, which the repository lacked".formatted(file.getFileName()));
        return true;
    }
}
