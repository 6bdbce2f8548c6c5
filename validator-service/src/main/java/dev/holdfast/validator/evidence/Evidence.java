package dev.holdfast.validator.evidence;

import dev.holdfast.validator.claim.TestRequest;
import dev.holdfast.validator.proof.Backup;
import dev.holdfast.validator.proof.Check;
import dev.holdfast.validator.proof.DataLoss;
import dev.holdfast.validator.proof.Lsn;
import dev.holdfast.validator.proof.ProofReport;
import dev.holdfast.validator.proof.Sha256;
import dev.holdfast.validator.proof.WalSegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes the evidence of a test: an in-toto Statement v1 whose subject is the backup by the digest of its manifest, signed.
 *
 * @see <a href="https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md">Statement v1</a>
 */
public final class Evidence {

    /** At most so many bytes of the server's log go in; the whole is named by its digest. */
    static final int LOG_BYTES = 64 << 10;

    /** What kind of predicate the statement carries. */
    static final String PREDICATE_TYPE = "https://holdfast.dev/restore-test/v1";

    private final SigningKey key;
    private final String validator;
    private final JsonMapper mapper = new JsonMapper();

    /**
     * Evidence by this validator.
     *
     * @param validator its name in the statement
     */
    public Evidence(SigningKey key, String validator) {
        this.key = key;
        this.validator = validator;
    }

    /** The envelope as JSON, well below 256 KiB. */
    public String of(TestRequest request, int attempt, ProofReport report) {
        Map<String, Object> statement = new LinkedHashMap<>();
        statement.put("_type", "https://in-toto.io/Statement/v1");
        statement.put("subject", List.of(subject(request, report)));
        statement.put("predicateType", PREDICATE_TYPE);
        statement.put("predicate", predicate(request, attempt, report));
        return Envelope.around(mapper.writeValueAsBytes(statement), key);
    }

    private static Map<String, Object> subject(TestRequest request, ProofReport report) {
        String label = report.backup()
                .map(Backup::label)
                .or(() -> request.asked().label())
                .orElse("none");
        // a subject needs a digest: where no manifest was read, of the name alone, and the predicate says so
        String name = "pgbackrest/%s/%s".formatted(request.stanza(), label);
        String digest = report.digests().manifest().orElseGet(() -> Sha256.hex(name.getBytes(StandardCharsets.UTF_8)));
        return Map.of("name", name, "digest", Map.of("sha256", digest));
    }

    private Map<String, Object> predicate(TestRequest request, int attempt, ProofReport report) {
        Map<String, Object> predicate = new LinkedHashMap<>();
        predicate.put("validator", validator);
        predicate.put("testId", request.testId().toString());
        predicate.put("requestId", request.requestId().toString());
        predicate.put("attempt", attempt);
        predicate.put("verdict", report.conclusion().verdict().name());
        predicate.put("reasonCode", report.conclusion().reason().name());
        predicate.put("reason", report.conclusion().message());
        predicate.put("rung", report.rung().name());
        predicate.put("startedAt", report.startedAt().toString());
        predicate.put("finishedAt", report.finishedAt().toString());
        predicate.put("target", target(request));
        predicate.put("reached", reached(report));
        predicate.put("backup", report.backup().map(Evidence::backup).orElse(Map.of()));
        predicate.put("read", read(report));
        predicate.put("checks", report.checks().stream().map(Evidence::check).toList());
        predicate.put("demands", text(report.content().demands()));
        report.content()
                .inventory()
                .ifPresent(found -> predicate.put(InventoryRecord.FIELD, InventoryRecord.of(found)));
        predicate.put("dataLoss", report.content().loss().map(Evidence::loss).orElse(Map.of()));
        predicate.put("timingsMillis", timings(report));
        predicate.put("versions", versions(report));
        predicate.put("sandbox", sandbox(report));
        predicate.put("serverLog", log(report));
        return predicate;
    }

    private static Map<String, Object> target(TestRequest request) {
        return Map.of(
                "kind",
                request.asked().targetKind(),
                "value",
                request.asked().targetValue().orElse(""));
    }

    private static Map<String, Object> reached(ProofReport report) {
        Map<String, Object> reached = new LinkedHashMap<>();
        report.reached().ifPresent(point -> {
            reached.put("lsn", text(point.lsn().map(Lsn::toString)));
            reached.put("lastCommitAt", text(point.lastCommit().map(Instant::toString)));
            reached.put("timeline", point.timeline().orElse(0));
            reached.put("restorePoint", text(point.restorePoint()));
            reached.put("lastSegment", text(point.lastSegment().map(WalSegment::toString)));
        });
        return reached;
    }

    private static Map<String, Object> backup(Backup backup) {
        return Map.of(
                "label", backup.label(),
                "chain", backup.chain(),
                "systemId", backup.systemId(),
                "lsnStop", text(backup.lsnStop().map(Lsn::toString)),
                "bytes", backup.bytes());
    }

    private static Map<String, Object> read(ProofReport report) {
        return Map.of(
                "manifestSha256", text(report.digests().manifest()),
                "archiveListingSha256", text(report.digests().archive()));
    }

    private static Map<String, Object> check(Check check) {
        return Map.of(
                "name", check.name(),
                "outcome", check.outcome().name(),
                "millis", check.took().toMillis(),
                "detail", check.detail());
    }

    private static Map<String, Object> loss(DataLoss loss) {
        return Map.of(
                "seconds", loss.lost().toSeconds(),
                "restorePoint", loss.marker().name(),
                "lsn", loss.marker().lsn().toString(),
                "at", loss.marker().at().toString());
    }

    private static Map<String, Object> timings(ProofReport report) {
        Map<String, Object> timings = new LinkedHashMap<>();
        put(timings, "fetch", report.timings().fetch());
        put(timings, "restore", report.timings().restore());
        put(timings, "replay", report.timings().replay());
        put(timings, "ready", report.timings().ready());
        return timings;
    }

    private static void put(Map<String, Object> timings, String name, Optional<Duration> took) {
        took.ifPresent(value -> timings.put(name, value.toMillis()));
    }

    private static Map<String, Object> versions(ProofReport report) {
        return Map.of(
                "postgresql", text(report.versions().postgresql()),
                "pgbackrest", text(report.versions().pgbackrest()));
    }

    private static Map<String, Object> sandbox(ProofReport report) {
        Map<String, Object> sandbox = new LinkedHashMap<>();
        report.sandbox().ifPresent(facts -> {
            sandbox.put("kind", facts.kind());
            sandbox.put("imageDigest", text(facts.imageDigest()));
            sandbox.put("network", facts.network());
            sandbox.put("limits", facts.limits());
            facts.inside().ifPresent(inside -> {
                sandbox.put("user", inside.user());
                sandbox.put("interfaces", inside.interfaces());
                sandbox.put("capabilities", inside.capabilities());
                sandbox.put("noNewPrivileges", inside.noNewPrivileges());
                sandbox.put("readOnlyRoot", inside.readOnlyRoot());
                // of a repository elsewhere only its storage knows
                if (!facts.limits().containsKey("repository-writes")) {
                    sandbox.put("repositoryWritable", inside.repositoryWritable());
                }
                sandbox.put("mounts", inside.mounts());
            });
        });
        return sandbox;
    }

    private static Map<String, Object> log(ProofReport report) {
        String whole = String.join("\n", report.log());
        byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);
        String kept = whole.length() <= LOG_BYTES / 4 ? whole : whole.substring(whole.length() - LOG_BYTES / 4);
        return Map.of("sha256", Sha256.hex(bytes), "bytes", bytes.length, "end", kept);
    }

    private static String text(Optional<String> value) {
        return value.orElse("");
    }
}
