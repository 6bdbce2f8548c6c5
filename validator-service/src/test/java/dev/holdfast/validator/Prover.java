package dev.holdfast.validator;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Container;
import dev.holdfast.validator.claim.TestMemory;
import dev.holdfast.validator.pgbackrest.PgBackRest;
import dev.holdfast.validator.postgresql.PostgreSql;
import dev.holdfast.validator.proof.BackupEngine;
import dev.holdfast.validator.proof.DemandBook;
import dev.holdfast.validator.proof.Demands;
import dev.holdfast.validator.proof.ProofProgress;
import dev.holdfast.validator.proof.ProofReport;
import dev.holdfast.validator.proof.RestoreProof;
import dev.holdfast.validator.proof.Selection;
import dev.holdfast.validator.proof.Target;
import dev.holdfast.validator.proof.TestOrder;
import dev.holdfast.validator.sandbox.DockerEngine;
import dev.holdfast.validator.sandbox.SandboxSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** Proves with the real tools in real containers, and tells which of them are left. */
final class Prover {

    static final String IMAGE = "holdfast/sandbox:15";

    private static final long GIGABYTE = 1L << 30;

    private final String owner = "test/" + UUID.randomUUID();
    private final DockerClient docker = Docker.client();
    private final TestMemory memory = new TestMemory();
    private String image = IMAGE;
    private long memoryBytes = GIGABYTE;
    private long diskBytes = 100 * GIGABYTE;
    private Duration limit = Duration.ofMinutes(10);
    private Duration verify = Duration.ZERO;
    private DemandBook demands = _ -> Demands.none();
    private Map<String, String> environment = Map.of();
    private UnaryOperator<BackupEngine> tool = UnaryOperator.identity();

    Prover image(String name) {
        image = name;
        return this;
    }

    Prover memoryBytes(long bytes) {
        memoryBytes = bytes;
        return this;
    }

    Prover diskBytes(long bytes) {
        diskBytes = bytes;
        return this;
    }

    /** What the validator finds in its environment. */
    Prover environment(Map<String, String> variables) {
        environment = Map.copyOf(variables);
        return this;
    }

    /** How long a proof may take. */
    Prover limit(Duration longest) {
        limit = longest;
        return this;
    }

    /** Lets pgBackRest verify the repository too. */
    Prover verifying() {
        verify = Duration.ofMinutes(5);
        return this;
    }

    /** What is demanded of the content. */
    Prover demands(DemandBook book) {
        demands = book;
        return this;
    }

    /** Lets a test do something to the world when the proof comes to a certain step. */
    Prover tool(UnaryOperator<BackupEngine> change) {
        tool = change;
        return this;
    }

    /** What the validator would remember of the log. */
    TestMemory memory() {
        return memory;
    }

    ProofReport prove(Path configuration, Target target, String label) {
        return prove(configuration, target, Optional.of(label));
    }

    ProofReport prove(Path configuration, Target target, Optional<String> label) {
        return prove(configuration, target, label, new ProofProgress());
    }

    ProofReport prove(Path configuration, Target target, String label, ProofProgress progress) {
        return prove(configuration, target, Optional.of(label), progress);
    }

    private ProofReport prove(Path configuration, Target target, Optional<String> label, ProofProgress progress) {
        SandboxSettings settings = new SandboxSettings(
                image,
                owner,
                memoryBytes,
                diskBytes,
                256,
                2,
                workspace -> PgBackRest.environment(DockerEngine.CONFIGURATION, workspace));
        RestoreProof.Tools tools = new RestoreProof.Tools(
                new DockerEngine(docker, settings, Clock.systemUTC()),
                tool.apply(new PgBackRest(configuration, environment, limit, 2)),
                new PostgreSql("postgres", limit),
                demands);
        TestOrder order =
                new TestOrder(UUID.randomUUID(), Grounds.STANZA, OptionalInt.empty(), label, Selection.NEWEST, target);
        return new RestoreProof(
                        tools,
                        memory,
                        Clock.systemUTC(),
                        new RestoreProof.Limits(limit, Duration.ofMinutes(5), verify, Duration.ofDays(1)))
                .prove(order, progress);
    }

    /** Its sandboxes that are still there. */
    List<Container> left() {
        return docker.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(Map.of("dev.holdfast.sandbox.owner", owner))
                .exec();
    }
}
