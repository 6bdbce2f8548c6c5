package dev.holdfast.validator.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;

/** A proof in a world in which all is well, until a test changes one thing. */
abstract class ProofInFakeWorld {

    final FakeTools world = new FakeTools();
    final FakePast earlier = new FakePast();

    @AfterEach
    void everySandboxIsClosed() {
        assertThat(world.closed()).isEqualTo(world.opened());
    }

    Reason reason(Target target) {
        return prove(target).conclusion().reason();
    }

    ProofReport prove(Target target) {
        return prove(target, new ProofProgress());
    }

    ProofReport prove(Target target, ProofProgress progress) {
        return prove(world, target, Optional.empty(), progress);
    }

    ProofReport prove(Target target, String label) {
        return prove(world, target, Optional.of(label), new ProofProgress());
    }

    /** In another world than this test's. */
    ProofReport prove(FakeTools other, Target target, Optional<String> label, ProofProgress progress) {
        TestOrder order = new TestOrder(
                UUID.randomUUID(), FakeTools.STANZA, OptionalInt.empty(), label, Selection.NEWEST, target);
        return new RestoreProof(other.tools(), earlier, Clock.systemUTC(), FakeTools.limits()).prove(order, progress);
    }
}
