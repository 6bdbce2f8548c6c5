package dev.holdfast.cli.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.Checkout;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The guide's index answers every point of the original guide, and each of its errors; {@link LinksTest} follows the links. */
class GuideTest {

    private static final int POINTS = 102;
    private static final int ERRORS = 20;

    @Test
    void everyPointAndEveryErrorOfTheOriginalGuideHasAPlace() {
        List<List<String>> rows = MarkdownPage.of(Checkout.root().resolve("docs/guide/README.md")).rows().stream()
                .filter(row -> row.getFirst().matches("E?\\d+"))
                .toList();

        assertThat(rows)
                .extracting(List::getFirst)
                .containsExactlyElementsOf(Stream.concat(
                                IntStream.rangeClosed(1, POINTS).mapToObj(String::valueOf),
                                IntStream.rangeClosed(1, ERRORS).mapToObj(error -> "E" + error))
                        .toList());
        assertThat(rows).allSatisfy(row -> assertThat(row.get(2)).contains("]("));
    }
}
