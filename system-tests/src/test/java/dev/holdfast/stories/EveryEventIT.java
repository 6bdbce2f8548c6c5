package dev.holdfast.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.outside.LoggedEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the stories have left in the log, read by somebody who knows nothing but the contract. */
@Order(Stories.AFTER_THE_OTHERS)
@ExtendWith(StackExtension.class)
class EveryEventIT {

    private static final Set<String> OURS = Set.of("scheduler", "runner", "validator", "catalog", "cli");

    private final Stack stack;

    EveryEventIT(Stack stack) {
        this.stack = stack;
    }

    @Test
    void everyEventThatTheProductWroteSaysInItsHeadersWhatItIs() {
        stack.backup("adhoc");

        List<LoggedEvent> events = written();

        assertThat(events).isNotEmpty().allSatisfy(event -> {
            assertThat(event.header("ce_specversion")).isEqualTo("1.0");
            assertThat(event.header("ce_id")).isEqualTo(event.text("eventId"));
            assertThat(event.header("ce_type")).startsWith("dev.holdfast.").endsWith(".v1");
            assertThat(event.header("ce_subject")).isEqualTo(event.text("stanza"));
            assertThat(event.header("ce_correlationid")).isEqualTo(event.text("requestId"));
        });
    }

    @Test
    void everyEventAboutAStanzaIsKeyedByItSoThatTheirOrderHolds() {
        stack.backup("adhoc");

        assertThat(written())
                .filteredOn(event -> !event.text("stanza").isEmpty())
                .isNotEmpty()
                .allSatisfy(event -> assertThat(new String(event.raw().key(), StandardCharsets.UTF_8))
                        .isEqualTo(event.text("stanza")));
    }

    @Test
    void noEventIsThereTwice() {
        stack.backup("adhoc");

        assertThat(written().stream()
                        .collect(Collectors.groupingBy(event -> event.text("eventId")))
                        .values())
                .allSatisfy(copies -> assertThat(copies).hasSize(1));
    }

    private List<LoggedEvent> written() {
        return stack.log().all().stream()
                .filter(event -> !event.topic().endsWith(".dlt"))
                .filter(event -> event.part("producer") != null
                        && OURS.contains(String.valueOf(event.part("producer").get("service"))))
                .toList();
    }
}
