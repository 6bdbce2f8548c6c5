package dev.holdfast.stories;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.outside.BackupList;
import dev.holdfast.testsupport.outside.Folders;
import dev.holdfast.testsupport.outside.LoggedEvent;
import dev.holdfast.testsupport.outside.Partitioning;
import dev.holdfast.testsupport.outside.PlainProducer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A readable request asks for something that must not be done. */
@ExtendWith(StackExtension.class)
class BadRequestIT {

    private static final String STANZA = "adhoc";

    private final Stack stack;

    BadRequestIT(Stack stack) {
        this.stack = stack;
    }

    /** What is wrong, and the word that the answer must contain so that the requester finds it. */
    record Flaw(Consumer<GenericRecord> in, String named) {}

    static Stream<Named<Flaw>> flaws() {
        Map<String, String> manyLabels =
                IntStream.range(0, 33).boxed().collect(toMap(number -> "label" + number, String::valueOf));
        return Stream.of(
                flaw(
                        "a type that this runner does not know",
                        "type",
                        request -> request.put("type", PlainProducer.symbol(request, "type", "UNKNOWN"))),
                flaw(
                        "an option that nobody may set",
                        "repo1-path",
                        request -> request.put("options", Map.of("repo1-path", "/tmp/x"))),
                flaw(
                        "an option whose value smuggles another",
                        "process-max",
                        request -> request.put("options", Map.of("process-max", "1 --repo1-path=/tmp/x"))),
                flaw("more labels than allowed", "label", request -> request.put("labels", manyLabels)),
                flaw(
                        "a label with an endless name",
                        "label",
                        request -> request.put("labels", Map.of("x".repeat(64), "y"))),
                flaw("a repository that does not exist", "repo", request -> request.put("repository", 0)));
    }

    @ParameterizedTest
    @MethodSource("flaws")
    void anInvalidRequestIsRejectedWithAReasonAndNothingIsRun(Flaw flaw) {
        UUID request = stack.producer().requestBackup(STANZA, flaw.in());

        LoggedEvent end = stack.endOf(request);

        assertThat(end.type()).as("%s", end).isEqualTo("BackupRejected");
        assertThat(end.text("rejection")).isEqualTo("INVALID");
        assertThat(end.text("detail")).containsIgnoringCase(flaw.named());
        assertThatNothingWasRunFor(request);
        assertThat(stack.request(request, "REJECTED").path("requestId").asText())
                .isEqualTo(request.toString());
    }

    @Test
    void aRequestPastItsTimeIsRejectedAsExpired() {
        Instant past = Instant.now().minus(Duration.ofMinutes(1));

        UUID request =
                stack.producer().requestBackup(STANZA, asked -> asked.put("notAfter", PlainProducer.micros(past)));

        LoggedEvent end = stack.endOf(request);
        assertThat(end.type()).as("%s", end).isEqualTo("BackupRejected");
        assertThat(end.text("rejection")).isEqualTo("EXPIRED");
        assertThatNothingWasRunFor(request);
    }

    @Test
    void theSameRequestTwiceIsOneBackupAndOneRefusal() {
        UUID request = UUID.randomUUID();

        stack.producer().publishBackupRequest(request, STANZA, Partitioning.JAVA, any -> {});
        stack.producer().publishBackupRequest(request, STANZA, Partitioning.LIBRDKAFKA, any -> {});

        LoggedEvent refusal = stack.first(request, "BackupRejected");
        assertThat(refusal.text("rejection")).isEqualTo("DUPLICATE");
        assertThat(stack.first(request, "BackupCompleted").text("label")).isNotBlank();
        UUID next = stack.producer().requestBackup(STANZA);
        assertThat(stack.endOf(next).type()).isEqualTo("BackupCompleted");
        assertThat(stack.log().of(request, "BackupCompleted")).hasSize(1);
        assertThat(BackupList.of(stack.stanza(STANZA)).madeFor(request)).hasSize(1);
        assertThat(stack.request(request, "COMPLETED").path("requestId").asText())
                .isEqualTo(request.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody-serves-me", "../../evil", "--repo1-path=/tmp/x", "a;touch /tmp/evil", ""})
    void aRequestForAStanzaThatNobodyServesIsAnsweredAndItsNameGoesNoFurther(String stanza) {
        UUID request = stack.producer().requestBackup(stanza);

        LoggedEvent unserved = stack.first(request, "RequestUnserved");

        assertThat(unserved.text("unserved")).isEqualTo("UNKNOWN_STANZA");
        assertThat(unserved.text("detail")).isNotBlank();
        assertThatNothingWasRunFor(request);
        if (!stanza.isEmpty()) {
            assertThat(stack.executions().all())
                    .noneMatch(call -> call.stream().anyMatch(argument -> argument.contains(stanza)));
        }
        assertThat(Folders.filesIn(stack.stanza(STANZA).path()))
                .noneMatch(file -> file.toString().contains("evil"));
    }

    private void assertThatNothingWasRunFor(UUID request) {
        assertThat(stack.log().of(request, "BackupStarted")).isEmpty();
        assertThat(stack.executions().all())
                .noneMatch(call -> call.stream().anyMatch(argument -> argument.contains(request.toString())));
    }

    private static Named<Flaw> flaw(String name, String named, Consumer<GenericRecord> in) {
        return Named.of(name, new Flaw(in, named));
    }
}
