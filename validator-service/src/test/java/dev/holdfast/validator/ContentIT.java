package dev.holdfast.validator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.validator.demand.DemandFolder;
import dev.holdfast.validator.proof.Check;
import dev.holdfast.validator.proof.EarlierInventory;
import dev.holdfast.validator.proof.Lsn;
import dev.holdfast.validator.proof.Marker;
import dev.holdfast.validator.proof.ProofReport;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.Target;
import dev.holdfast.validator.proof.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a restored cluster holds, beside what the last proof found and what the user demands of it. */
class ContentIT {

    private static final Target END = new Target.BackupEnd();

    private final Grounds grounds = Grounds.shared();
    private final Prover prover = new Prover();

    @TempDir
    private Path folder;

    @AfterEach
    void nothingIsLeft() {
        assertThat(prover.left()).isEmpty();
    }

    @Test
    void assertionsAreAskedAndOnlyThoseThatMayFailTheTest() throws IOException {
        demand("""
                assertions:
                  - {name: items, database: shop, sql: select count(*) from item, expect: 20000, tolerance: 1%}
                  - {name: an average, database: shop, sql: select avg(n) from item, expect: 10000.5}
                  - {name: a text, database: shop, sql: select 'it''s ' || "text" from item where n = 1 limit 1, expect: nothing, severity: warn}
                  - {name: a table that came later, database: shop, sql: select count(*) from one, expect: 1, severity: warn}
                  - {name: a database that is not there, database: nowhere, sql: select 1, expect: 1, severity: warn}
                  - {name: no answer, database: shop, sql: select n from item where n < 0, expect: 1, severity: warn}
                  - {name: too many answers, database: shop, sql: select n from item, expect: 1, severity: warn}
                """);

        ProofReport report = prover.prove(grounds.repository().configuration(), END, grounds.full());

        assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.OK);
        assertThat(outcome(report, "items")).isEqualTo(Check.Outcome.PASSED);
        assertThat(outcome(report, "an average")).isEqualTo(Check.Outcome.PASSED);
        assertThat(check(report, "assertion:a text").detail()).contains("it's xxx");
        assertThat(check(report, "assertion:a table that came later").detail())
                .contains("relation \"one\" does not exist");
        assertThat(outcome(report, "a database that is not there")).isEqualTo(Check.Outcome.FAILED);
        assertThat(check(report, "assertion:no answer").detail()).contains("NULL");
        assertThat(outcome(report, "too many answers")).isEqualTo(Check.Outcome.NOT_RUN);
        assertThat(report.content().demands().orElseThrow()).contains("grounds.yaml, sha256 ");
    }

    @Test
    void anAssertionThatMayFailTheTestDoes() throws IOException {
        demand("""
                assertions:
                  - {name: items, database: shop, sql: select count(*) from item, at-least: 20101}
                """);

        ProofReport report = prover.prove(grounds.repository().configuration(), END, grounds.incr());

        assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.ASSERTION_FAILED);
        assertThat(report.conclusion().verdict()).isEqualTo(Verdict.FAILED);
        assertThat(report.conclusion().message()).contains("expected a number from 20101, found '20100'");
    }

    @Test
    void aFileThatCannotBeUnderstoodIsNamedByLineAndFieldBeforeAnythingIsRestored() throws IOException {
        demand("assertions:\n  - name: items\n    sql: select 1\n    expects: 1\n");

        ProofReport report = prover.prove(grounds.repository().configuration(), END, grounds.full());

        assertThat(report.conclusion().reason()).isEqualTo(Reason.CONFIGURATION);
        assertThat(report.conclusion().message()).contains("grounds.yaml", "line 4", "'expects'");
        assertThat(report.checks()).isEmpty();
    }

    @Test
    void whatChangedSinceTheLastProofIsNamedAndWhatIsLostIsMeasured() {
        ProofReport first = prover.prove(grounds.repository().configuration(), END, grounds.full());
        prover.memory()
                .inventory(
                        Grounds.STANZA,
                        new EarlierInventory(
                                grounds.full(),
                                first.finishedAt(),
                                first.content().inventory().orElseThrow()));
        Instant soon = Instant.now().plus(Duration.ofHours(1));
        prover.memory().restorePoint(Grounds.STANZA, new Marker("not-archived", Lsn.parse("F/0"), soon));

        ProofReport second = prover.prove(
                grounds.repository().configuration(), new Target.Time(Instant.parse(grounds.middle())), grounds.full());
        assertThat(second.content().loss())
                .as("no restore point lies before the target")
                .isEmpty();

        prover.memory().restorePoint(Grounds.STANZA, new Marker("not-archived", Lsn.parse("F/0"), Instant.now()));
        ProofReport third = prover.prove(grounds.repository().configuration(), new Target.Latest(), grounds.incr());

        assertThat(third.conclusion().reason()).as(third.toString()).isEqualTo(Reason.OK);
        assertThat(third.content().loss().orElseThrow().lost()).isPositive();
        assertThat(third.conclusion().message()).contains("measured loss", "not-archived");
        assertThat(check(third, Check.SCHEMA).detail())
                .contains(grounds.full(), "added shop: table public.one", "added shop: column public.two.n (integer)");
        assertThat(check(third, Check.ROWS).detail()).contains("rows in", "tables");
    }

    @Test
    void verifyIsReadSetBySetAndWhatIsDamagedElsewhereFailsNoOtherBackup() {
        try (RepositoryCopy copy = grounds.copy()) {
            prover.verifying();
            copy.flip(copy.largestFile(grounds.full()));
            copy.delete(copy.backup(grounds.incr()));

            ProofReport report = prover.prove(copy.configuration(), END, grounds.bundled());

            assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.OK);
            assertThat(check(report, Check.VERIFY).outcome()).isEqualTo(Check.Outcome.FAILED);
            assertThat(check(report, Check.VERIFY).detail())
                    .contains(
                            grounds.full() + " is invalid (checksum invalid: 1)",
                            grounds.incr() + " is listed and was not looked at");
        }
    }

    private void demand(String file) throws IOException {
        Files.writeString(folder.resolve(Grounds.STANZA + ".yaml"), file);
        prover.demands(new DemandFolder(folder));
    }

    private static Check.Outcome outcome(ProofReport report, String assertion) {
        return check(report, Check.ASSERTION_PREFIX + assertion).outcome();
    }

    private static Check check(ProofReport report, String name) {
        return report.checks().stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not in " + report));
    }
}
