package dev.holdfast.runner.pgbackrest;

import dev.holdfast.testsupport.reference.CodeTable;
import dev.holdfast.testsupport.reference.ReferencePage;
import org.junit.jupiter.api.Test;

class ExitCodeReferenceTest {

    @Test
    void thePageOfErrorsHasEveryExitStatusOfPgbackrest() {
        StringBuilder table = new StringBuilder("| status | name | category | do |\n|---|---|---|---|\n");
        for (ExitCode code : ExitCode.values()) {
            table.append("| `%d` | %s | %s | %s |\n"
                    .formatted(code.code(), code.toolName(), code.category(), CodeTable.cell(code.hint())));
        }

        ReferencePage.section("errors.md", "pgbackrest").holds(table.toString());
    }
}
