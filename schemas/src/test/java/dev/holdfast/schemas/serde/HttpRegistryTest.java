package dev.holdfast.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against a server that answers as told: what real registries do when they are well is tested with one in test-support. */
class HttpRegistryTest {

    private static final Schema SCHEMA =
            SchemaBuilder.record("R").fields().requiredString("a").endRecord();
    private static final String SCHEMA_ANSWER =
            "{\"schema\":\"{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"R\\\",\\\"fields\\\":"
                    + "[{\\\"name\\\":\\\"a\\\",\\\"type\\\":\\\"string\\\"}]}\"}";
    private static final String NO_SUCH_SCHEMA = "{\"error_code\":40403,\"message\":\"Schema not found\"}";

    private record Answer(int status, String body) {}

    private final HttpServer server;
    // what is learnt of a registry is kept for the process, so each test's has an address of its own
    private final String base = "/" + UUID.randomUUID();
    private final Deque<Answer> answers = new ArrayDeque<>();
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());

    HttpRegistryTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void whatMayPassIsWaitedFor() {
        will(503, "starting");
        will(429, "slower");
        will(200, "<html>a proxy's page</html>");
        will(200, SCHEMA_ANSWER);

        assertThat(registry("").byId(7)).isEqualTo(SCHEMA);
    }

    /** Else one wrong letter in HOLDFAST_REGISTRY would turn every good event into a dead letter. */
    @Test
    void aWrongAddressOrPasswordIsNoFaultOfTheRecordThatIsRead() {
        will(404, "<html>not found</html>");
        will(401, "{\"error_code\":401,\"message\":\"Unauthorized\"}");
        will(403, "forbidden");
        will(200, SCHEMA_ANSWER);

        assertThat(registry("").byId(7)).isEqualTo(SCHEMA);
        assertThat(asked).hasSize(4);
    }

    @Test
    void theRegistrysWordThatThereIsNoSuchSchemaIsFinal() {
        will(404, NO_SUCH_SCHEMA);

        assertThatThrownBy(() -> registry("").byId(7))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("404")
                .hasMessageContaining("Schema not found");
        assertThat(asked).containsExactly("GET /schemas/ids/7");
    }

    @Test
    void aRefusedSchemaIsAnErrorForWhoeverWrites() {
        will(409, "{\"error_code\":409,\"message\":\"incompatible\"}");

        assertThatThrownBy(() -> registry("").register("s", SCHEMA))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("incompatible");
    }

    @Test
    void anAnswerWithoutAnIdIsAnErrorForWhoeverWrites() {
        will(200, "{}");

        assertThatThrownBy(() -> registry("").register("s", SCHEMA))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("no id");
    }

    @Test
    void whatOneHasLearntEveryoneInTheProcessKnows() {
        will(200, "{\"id\":3}");

        assertThat(registry("").register("s", SCHEMA)).isEqualTo(3);
        assertThat(registry("").register("s", SCHEMA)).isEqualTo(3);
        assertThat(registry("").byId(3)).isEqualTo(SCHEMA);
        assertThat(asked).hasSize(1);
    }

    @Test
    void theNextAddressIsTriedWhereOneFails() {
        will(200, SCHEMA_ANSWER);

        assertThat(registry("http://127.0.0.1:1,").byId(7)).isEqualTo(SCHEMA);
    }

    @Test
    void schemasThatReferToOthersAreReadWithThem() {
        will(
                200,
                "{\"schema\":\"{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"Outer\\\",\\\"fields\\\":[{\\\"name\\\":\\\"r\\\",\\\"type\\\":\\\"R\\\"}]}\","
                        + "\"references\":[{\"name\":\"R\",\"subject\":\"r subject\",\"version\":2}]}");
        will(200, SCHEMA_ANSWER);

        assertThat(registry("").byId(8).getField("r").schema()).isEqualTo(SCHEMA);
        assertThat(asked).containsExactly("GET /schemas/ids/8", "GET /subjects/r%20subject/versions/2");
    }

    @Test
    void whatIsNoAvroSchemaIsAnErrorOfTheRecord() {
        will(200, "{\"schema\":\"syntax = proto3\"}");

        assertThatThrownBy(() -> registry("").byId(7))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("not Avro");
    }

    @Test
    void aThreadThatWaitsCanBeInterrupted() {
        for (int i = 0; i < 100; i++) {
            will(503, "away");
        }
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> registry("").byId(7)).isInstanceOf(InterruptException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aLevelThatAnotherSetsAtTheSameTimeIsSetAgain() {
        will(409, "{\"error_code\":409,\"message\":\"A rule named COMPATIBILITY already exists.\"}");
        will(200, "{}");

        registry("").setCompatibility("s", "FULL_TRANSITIVE");

        assertThat(asked).containsExactly("PUT /config/s", "PUT /config/s");
    }

    @Test
    void aSubjectWithoutALevelOfItsOwnHasNone() {
        will(404, "{\"error_code\":40408,\"message\":\"no level\"}");
        will(200, "{\"compatibilityLevel\":\"FULL_TRANSITIVE\"}");

        assertThat(registry("").compatibility("s")).isEmpty();
        assertThat(registry("").compatibility("s")).hasValue("FULL_TRANSITIVE");
    }

    private RegistryClient registry(String before) {
        return RegistryClient.of(Map.of(
                "schema.registry.url",
                before + "http://127.0.0.1:" + server.getAddress().getPort() + base + "/"));
    }

    private synchronized void will(int status, String body) {
        answers.add(new Answer(status, body));
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestMethod() + " "
                + exchange.getRequestURI().getRawPath().substring(base.length()));
        Answer answer = answers.isEmpty()
                ? new Answer(404, "{\"error_code\":40403,\"message\":\"asked once too often\"}")
                : answers.remove();
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
