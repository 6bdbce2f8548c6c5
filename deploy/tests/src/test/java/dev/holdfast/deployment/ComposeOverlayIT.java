package dev.holdfast.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.outside.Page;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A stack that knows nothing of backups, and the guide that adds them. */
class ComposeOverlayIT {

    @Test
    void theOverlayGivesAnExistingDatabaseAProvenBackupAndLeavesItAsItWas() throws IOException {
        try (ComposeStack stack = ComposeStack.inItsOwnFolder("overlay")) {
            stack.prepare();
            Page.steps("guide/compose-overlay.md").forEach(step -> stack.follow(step, ""));

            assertThat(stack.output("docker compose --file my-stack/compose.yaml ps --services")
                            .strip())
                    .isEqualTo("db");
            assertThat(stack.output("docker compose --file my-stack/compose.yaml exec --no-TTY db psql -U postgres"
                            + " -d mcpgov -qAtc 'select sum(id) from decisions'"))
                    .isEqualTo("1\n");
        }
    }
}
