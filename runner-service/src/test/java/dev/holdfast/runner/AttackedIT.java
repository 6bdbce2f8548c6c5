package dev.holdfast.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupRejected;
import dev.holdfast.events.BackupRequested;
import dev.holdfast.schemas.Envelope;
import dev.holdfast.schemas.Topic;
import dev.holdfast.testsupport.Command;
import dev.holdfast.testsupport.KafkaBroker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

/** Hostile input through Kafka and HTTP. Figure R12: {@code bench/run} does it a thousand times. */
class AttackedIT {

    private static final int TIMES = Figures.count(45);
    private static final String SECRET = "holdfast-knows-" + UUID.randomUUID();

    private final Path canary = Path.of("/tmp", "holdfast-canary-" + UUID.randomUUID());
    private final long seed = Figures.seed();

    @Test
    void noAttackReachesAnExecutionAFileOrAnAnswerAndNoSecretGetsOut() throws IOException {
        try (RunnerStage stage = RunnerStage.open(
                KafkaBroker.shared(), Map.of("repo1-cipher-type", "aes-256-cbc", "repo1-cipher-pass", SECRET))) {
            int port = stage.runners().portOf(stage.runner("one"));
            Attack.Source source = new Attack.Source(new Random(seed), stage.stanza(), canary);
            Set<UUID> hostile = new HashSet<>();
            List<String> answers = new ArrayList<>();
            for (Attack.Http http : Attack.Source.everyPath()) {
                answers.add(answer(port, http.text()));
            }
            for (int i = 0; i < TIMES; i++) {
                switch (source.next()) {
                    case Attack.Bytes bytes ->
                        stage.log()
                                .publishRaw(
                                        Topic.BACKUP_REQUESTS,
                                        stage.stanza(),
                                        bytes.latin1().getBytes(StandardCharsets.ISO_8859_1));
                    case Attack.Request request -> hostile.add(stage.publish(request.event()));
                    case Attack.Http http -> answers.add(answer(port, http.text()));
                }
            }

            // in the same lane, so that all before it has been answered
            UUID good = stage.publish(stage.request().build());
            stage.assertOneBackup(good);
            assertThat(stage.gate().calls()).as("executions, seed %d", seed).isEqualTo(1);
            assertThat(eventsOf(stage, hostile))
                    .as("answers to hostile requests, seed %d", seed)
                    .allMatch(event -> event instanceof BackupRequested || event instanceof BackupRejected);
            assertThat(answers).as("answers over HTTP, seed %d", seed).noneMatch(text -> text.contains("HTTP/1.1 200"));
            assertThat(filesBeside(canary)).as("files, seed %d", seed).isEmpty();
            assertNoSecret(stage, answers);
            Figures.leave(
                    "attacks", List.of("attacks " + TIMES, "requests " + hostile.size(), "http " + answers.size()));
        }
    }

    private static List<SpecificRecord> eventsOf(RunnerStage stage, Set<UUID> ids) {
        return stage.log().events().stream()
                .filter(event ->
                        Envelope.of(event).requestId().filter(ids::contains).isPresent())
                .toList();
    }

    private void assertNoSecret(RunnerStage stage, List<String> answers) {
        assertThat(stage.runners().logOf("one")).doesNotContain(SECRET);
        assertThat(answers).noneMatch(text -> text.contains(SECRET));
        assertThat(stage.log().events()).noneMatch(event -> event.toString().contains(SECRET));
        assertThat(Command.output(List.of("ps", "-eo", "args"))).doesNotContain(SECRET);
    }

    private static List<Path> filesBeside(Path canary) throws IOException {
        try (Stream<Path> files = Files.list(canary.getParent())) {
            return files.filter(file -> file.toString().startsWith(canary.toString()))
                    .toList();
        }
    }

    /** What comes back until the other side closes or says nothing more; nothing where it refuses to talk. */
    private static String answer(int port, String text) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(1_000);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            for (int octet = socket.getInputStream().read();
                    octet >= 0;
                    octet = socket.getInputStream().read()) {
                answer.write(octet);
            }
            return answer.toString(StandardCharsets.ISO_8859_1);
        } catch (SocketException | SocketTimeoutException e) {
            return answer.toString(StandardCharsets.ISO_8859_1);
        }
    }
}
