package dev.holdfast.testsupport.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.UnaryOperator;

/** The constants of an enum as a table: what each means, and what to do about it, as its comment says in two paragraphs. */
public final class CodeTable {

    private CodeTable() {}

    /**
     * As Markdown.
     *
     * @param constants the constants; each needs two paragraphs of comment
     * @param head what stands over the second column
     * @param second its cell for a constant
     */
    public static String of(List<ModuleSources.Commented> constants, String head, UnaryOperator<String> second) {
        assertThat(constants).isNotEmpty();
        StringBuilder text = new StringBuilder("| code | %s | means | do |\n|---|---|---|---|\n".formatted(head));
        for (ModuleSources.Commented constant : constants) {
            String[] paragraphs = constant.text().split("\n\n");
            assertThat(paragraphs)
                    .as("what %s in %s means, and after a <p> what to do about it", constant.name(), constant.place())
                    .hasSize(2);
            text.append("| `%s` | %s | %s | %s |\n"
                    .formatted(
                            constant.name(), second.apply(constant.name()), cell(paragraphs[0]), cell(paragraphs[1])));
        }
        return text.toString();
    }

    /** A text that fits a cell: one line, without a bar. */
    public static String cell(String text) {
        return text.replaceAll("\\s+", " ").replace("|", "\\|");
    }
}
