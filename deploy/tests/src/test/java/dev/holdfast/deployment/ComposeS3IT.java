package dev.holdfast.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.testsupport.Command;
import dev.holdfast.testsupport.outside.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The README's one command for a repository in a bucket, where there is nothing yet but the storage and the folder that the guide has
 * made; a second run of it changes nothing.
 */
class ComposeS3IT {

    private static final Pattern COMMAND = Pattern.compile("(?m)^ {4}(HOLDFAST_S3=.* deploy/compose/up --yes)$");

    @Test
    void theReadmesOneCommandLeadsFromNothingToABackupInTheBucketThatIsProven() throws IOException {
        try (ComposeStack stack = ComposeStack.inTheCheckout("s3")) {
            stack.prepare();
            try (Bucket bucket = Bucket.reachedBy(stack)) {
                List<Page.Step> guide = bucket.guideFromNothing();
                guide.subList(0, guide.size() - 1).forEach(step -> stack.follow(step, ""));

                assertThatAMissingFileIsNamed(stack, bucket);

                stack.output(bucket.filled(readme()));

                assertThat(bucket.files()).anyMatch(file -> file.endsWith("backup/mcpgov/backup.info"));
                assertThatOneBackupIsProven(stack);

                stack.follow(guide.getLast(), "");

                assertThatOneBackupIsProven(stack);
            }
        }
    }

    private static void assertThatAMissingFileIsNamed(ComposeStack stack, Bucket bucket) throws IOException {
        Path reader = bucket.settings().resolve("reader.conf");
        Path away = Files.move(reader, reader.resolveSibling("reader.conf.away"));
        Command.Ended refused = stack.run(bucket.filled(readme()));
        Files.move(away, reader);

        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.stderr()).contains(reader + " is missing or empty", "docs/guide/compose-s3.md");
        assertThat(stack.run(bucket.filled(readme()).replace("HOLDFAST_S3=/", "HOLDFAST_S3="))
                        .stderr())
                .contains("not the absolute path");
    }

    private static void assertThatOneBackupIsProven(ComposeStack stack) {
        JsonNode backups = stack.items("/api/v1/backups?stanza=mcpgov&limit=10");
        assertThat(backups).as("%s", backups).hasSize(1);
        assertThat(backups.path(0).path("proof").path("verdict").asText())
                .as("%s", backups)
                .isEqualTo("PASSED");
    }

    private static String readme() throws IOException {
        String page = Files.readString(Path.of(System.getProperty("holdfast.root"), "README.md"));
        return COMMAND.matcher(page)
                .results()
                .map(MatchResult::group)
                .map(String::strip)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no command for S3 in " + page));
    }
}
