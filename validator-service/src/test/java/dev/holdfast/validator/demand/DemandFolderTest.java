package dev.holdfast.validator.demand;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.validator.proof.Assertion;
import dev.holdfast.validator.proof.Demands;
import dev.holdfast.validator.proof.Expectation;
import dev.holdfast.validator.proof.ProofStopped;
import dev.holdfast.validator.proof.Reason;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemandFolderTest {

    @TempDir
    private Path folder;

    @Test
    void whereThereIsNoFileNothingIsDemanded() {
        assertThat(new DemandFolder(folder).of("shop")).isEqualTo(Demands.none());
        assertThat(new DemandFolder(folder.resolve("nowhere")).of("shop")).isEqualTo(Demands.none());
    }

    @Test
    void everyFieldIsReadAndTheFileIsNamedWithItsDigest() throws IOException {
        Demands demands = read("""
                schema-change: fail
                assertions:
                  - name: orders are there
                    database: shop
                    sql: |
                      select count(*)
                      from orders;
                    expect: 20000
                    tolerance: 5%
                    severity: warn
                    timeout: PT30S
                  - {name: fresh, database: shop, sql: select 1, at-least: 0.5}
                  - {name: state, database: shop, sql: select 'open', expect: open}
                """);

        assertThat(demands.source().orElseThrow()).contains("shop.yaml, sha256 ");
        assertThat(demands.schemaMustStay()).isTrue();
        assertThat(demands.assertions())
                .containsExactly(
                        new Assertion(
                                "orders are there",
                                "shop",
                                "select count(*)\nfrom orders",
                                new Expectation.Numeric(new BigDecimal("20000"), new BigDecimal("1000.00")),
                                Assertion.Severity.WARN,
                                Duration.ofSeconds(30)),
                        new Assertion(
                                "fresh",
                                "shop",
                                "select 1",
                                new Expectation.Between(Optional.of(new BigDecimal("0.5")), Optional.empty()),
                                Assertion.Severity.FAIL,
                                Duration.ofMinutes(1)),
                        new Assertion(
                                "state",
                                "shop",
                                "select 'open'",
                                new Expectation.Text("open"),
                                Assertion.Severity.FAIL,
                                Duration.ofMinutes(1)));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "assertions: many | line 1: field 'assertions' must be a list",
                "assertion: [] | line 1: the file has no field 'assertion'",
                "- a | line 1: the file must have fields",
                "assertions:\\n  - name: a | line 2: field 'sql' is missing",
                "assertions:\\n  - {name: a, sql: select 1, expect: 1} | line 2: field 'database' is missing",
                "assertions:\\n  - {name: 'a/b', database: d, sql: select 1, expect: 1} | line 2: field 'name' is 'a/b'",
                "assertions:\\n  - {name: a, database: d, sql: select 1} | line 2: expected either field 'expect'",
                "assertions:\\n  - {name: a, database: d, sql: select 1, expect: 1, at-most: 2} | line 2: expected either",
                "assertions:\\n  - {name: a, database: d, sql: select 1, at-least: soon} | field 'at-least' is 'soon'; expected a number",
                "assertions:\\n  - name: a\\n    database: d\\n    sql: select 1\\n    expect: 1\\n    tolerance: some | line 6: field 'tolerance' is 'some'",
                "assertions:\\n  - {name: a, database: d, sql: select 1, expect: x, tolerance: 1} | field 'tolerance' goes with a number",
                "assertions:\\n  - {name: a, database: d, sql: select 1, expect: 1, severity: bad} | field 'severity' is 'bad'; expected fail or warn",
                "assertions:\\n  - {name: a, database: d, sql: select 1, expect: 1, timeout: 5s} | field 'timeout' is '5s'",
                "assertions:\\n  - {name: a, database: d, sql: select 1, expect: 1, timeout: PT3H} | up to PT2H",
                "assertions:\\n  - {name: a, database: d, sql: , expect: 1} | line 2: field 'sql' must have a value",
                "assertions:\\n  - {name: a, name: b} | line 2: field 'name' is there twice",
                "schema-change: maybe | line 1: field 'schema-change' is 'maybe'; expected report or fail",
                "assertions: [ | line 1: not YAML",
                "a: &a [*a] | not YAML: Number of aliases",
                " | line 1: the file is empty"
            })
    void aBadFileIsRefusedByLineAndField(String row) {
        int bar = row.lastIndexOf('|');
        String text = row.substring(0, bar).strip().replace("\\n", "\n");
        String told = row.substring(bar + 1).strip();

        assertThatThrownBy(() -> read(text)).isInstanceOfSatisfying(ProofStopped.class, stopped -> {
            assertThat(stopped.conclusion().reason()).isEqualTo(Reason.CONFIGURATION);
            assertThat(stopped.conclusion().message()).contains("shop.yaml", told);
        });
    }

    @Test
    void twoOfOneNameAreRefused() {
        String one = "  - {name: a, database: d, sql: select 1, expect: 1}\n";

        assertThatThrownBy(() -> read("assertions:\n" + one + one)).hasMessageContaining("line 3: a second assertion");
    }

    @Test
    void whatIsTooLargeOrNoTextIsRefused() throws IOException {
        Files.write(folder.resolve("shop.yaml"), new byte[] {(byte) 0xC3, (byte) 0x28});
        assertThatThrownBy(() -> new DemandFolder(folder).of("shop")).hasMessageContaining("UTF-8");

        Files.write(folder.resolve("shop.yaml"), new byte[(1 << 20) + 1]);
        assertThatThrownBy(() -> new DemandFolder(folder).of("shop")).hasMessageContaining("1 MiB");
    }

    private Demands read(String text) throws IOException {
        Files.writeString(folder.resolve("shop.yaml"), text, StandardCharsets.UTF_8);
        return new DemandFolder(folder).of("shop");
    }
}
