package dev.holdfast.validator.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.validator.EvidenceVerifier;
import dev.holdfast.validator.claim.TestRequest;
import dev.holdfast.validator.proof.Conclusion;
import dev.holdfast.validator.proof.Inventory;
import dev.holdfast.validator.proof.ProofReport;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.Rung;
import dev.holdfast.validator.proof.Sha256;
import dev.holdfast.validator.proof.Timings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class EvidenceTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final int LIMIT = 256 << 10;

    @TempDir
    private Path state;

    @Test
    void theEvidenceVerifiesWithThePublicKeyAlone() throws Exception {
        String envelope = evidence().of(request(), 1, report(List.of("a line")));

        JsonNode statement = EvidenceVerifier.verify(envelope, publicKey());

        assertThat(statement.path("_type").asString("")).isEqualTo("https://in-toto.io/Statement/v1");
        assertThat(statement.path("predicateType").asString("")).isEqualTo(Evidence.PREDICATE_TYPE);
        assertThat(statement.path("subject").path(0).path("name").asString(""))
                .isEqualTo("pgbackrest/shop/20261122-160000F");
        assertThat(statement.path("predicate").path("reasonCode").asString("")).isEqualTo("WAL_GAP");
    }

    @Test
    void aChangedStatementDoesNotVerify() {
        String envelope = evidence().of(request(), 1, report(List.of()));
        String forged = envelope.replaceFirst("\"payload\":\"(.{40}).", "\"payload\":\"$1A");

        assertThat(forged).isNotEqualTo(envelope);
        assertThatThrownBy(() -> EvidenceVerifier.verify(forged, publicKey())).isInstanceOf(AssertionError.class);
    }

    @Test
    void anotherValidatorsKeyDoesNotVerify() {
        String envelope = evidence().of(request(), 1, report(List.of()));
        SigningKey.in(state.resolve("other"));

        assertThatThrownBy(() -> EvidenceVerifier.verify(envelope, state.resolve("other/evidence-key.pub.pem")))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void theKeyIsMadeOnceAndOnlyItsOwnerCanReadIt() throws Exception {
        String first = SigningKey.in(state).id();

        assertThat(SigningKey.in(state).id()).isEqualTo(first);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve("evidence-key.pem"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aLongLogIsCutAndNamedByItsDigest() throws Exception {
        List<String> lines = IntStream.range(0, 50_000)
                .mapToObj(number -> "line " + number + " \"ä\"")
                .toList();

        String envelope = evidence().of(request(), 1, report(lines));

        JsonNode log =
                EvidenceVerifier.verify(envelope, publicKey()).path("predicate").path("serverLog");
        assertThat(envelope.getBytes(StandardCharsets.UTF_8).length).isLessThan(LIMIT);
        assertThat(log.path("sha256").asString("")).matches("[0-9a-f]{64}");
        assertThat(log.path("end").asString("")).endsWith("line 49999 \"ä\"");
    }

    @Test
    void theInventoryIsReadBackAsItWasWritten() {
        Inventory inventory = inventory(50);

        String envelope = evidence().of(request(), 1, report(List.of(), holding(inventory)));

        Inventory found = InventoryRecord.inEvidence(envelope).orElseThrow();
        assertThat(found.fingerprint()).isEqualTo(inventory.fingerprint());
        assertThat(found.tables()).isEqualTo(inventory.tables());
    }

    @Test
    void aCatalogThatIsTooLargeForEvidenceLeavesItsFingerprintAndThatOfEachSchema() throws Exception {
        Inventory inventory = inventory(40_000);

        String envelope = evidence().of(request(), 1, report(List.of(), holding(inventory)));

        assertThat(envelope.length()).isLessThan(LIMIT);
        Inventory found = InventoryRecord.inEvidence(envelope).orElseThrow();
        assertThat(found.objects()).isEmpty();
        assertThat(found.schemas()).isEqualTo(inventory.schemas()).containsKey("shop: public");
        assertThat(EvidenceVerifier.verify(envelope, publicKey())
                        .at("/predicate/content/fingerprint")
                        .asString(""))
                .isEqualTo(inventory.fingerprint());
    }

    @Test
    void aCatalogOfTooManySchemasLeavesItsFingerprintAlone() {
        TreeMap<String, String> schemas = new TreeMap<>();
        IntStream.range(0, 20_000).forEach(number -> schemas.put("shop: tenant" + number, "ab".repeat(32)));
        Inventory inventory = new Inventory(inventory(40_000).objects(), schemas, List.of(), Optional.empty());

        String envelope = evidence().of(request(), 1, report(List.of(), holding(inventory)));

        assertThat(envelope.length()).isLessThan(LIMIT);
        assertThat(InventoryRecord.inEvidence(envelope)).isEmpty();
    }

    @Test
    void evidenceThatNobodyCanReadHoldsNoInventory() {
        assertThat(InventoryRecord.inEvidence("")).isEmpty();
        assertThat(InventoryRecord.inEvidence("{\"payload\":\"!\"}")).isEmpty();
    }

    private static ProofReport.Content holding(Inventory inventory) {
        return new ProofReport.Content(Optional.empty(), Optional.of(inventory), Optional.empty());
    }

    private static Inventory inventory(int objects) {
        TreeMap<String, String> catalog = new TreeMap<>();
        IntStream.range(0, objects)
                .forEach(number -> catalog.put(
                        "shop: table public.t" + number,
                        Sha256.hex(String.valueOf(number).getBytes(StandardCharsets.UTF_8))));
        return new Inventory(
                catalog,
                new TreeMap<>(Map.of("shop: public", Inventory.digest(catalog))),
                List.of(new Inventory.Table("shop: public.t1", 10, Optional.of(NOW))),
                Optional.empty());
    }

    private Evidence evidence() {
        return new Evidence(SigningKey.in(state), "pool/validator-1");
    }

    private Path publicKey() {
        return state.resolve("evidence-key.pub.pem");
    }

    private static ProofReport report(List<String> log) {
        return report(log, ProofReport.Content.none());
    }

    private static ProofReport report(List<String> log, ProofReport.Content content) {
        return new ProofReport(
                new Conclusion(Reason.WAL_GAP, "a segment is missing"),
                Rung.INFO,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                NOW,
                NOW,
                Timings.none(),
                content,
                ProofReport.Versions.none(),
                Optional.empty(),
                ProofReport.Digests.none(),
                log);
    }

    private static TestRequest request() {
        return new TestRequest(
                UUID.randomUUID(),
                UUID.randomUUID(),
                "shop",
                NOW,
                NOW,
                new TestRequest.Improper("not used here"),
                new TestRequest.Asked(
                        UUID.randomUUID(),
                        Optional.empty(),
                        "LATEST",
                        Optional.empty(),
                        Optional.of("20261122-160000F"),
                        OptionalInt.empty(),
                        "AD_HOC",
                        "ada",
                        "OIDC"));
    }
}
