package dev.holdfast.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code docs/events.md} says what the schemas say. */
class EventPageTest {

    private static final Path BASE = Path.of(System.getProperty("basedir", "."));

    @Test
    void thePageOfEventsHoldsEveryFieldOfEveryEvent() throws IOException {
        String expected = new EventPage().text();
        Path written = Files.writeString(BASE.resolve("target/events.md"), expected);

        assertThat(Files.readString(BASE.resolve("../docs/events.md")))
                .as("docs/events.md; take over the expected text: cp %s docs/", written)
                .isEqualTo(expected);
    }
}
