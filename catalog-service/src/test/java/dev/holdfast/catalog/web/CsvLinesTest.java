package dev.holdfast.catalog.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class CsvLinesTest {

    private static final CsvLines LINES = new CsvLines(List.of("name", "proof.at", "bytes"));

    @Test
    void theHeaderNamesTheColumns() {
        assertThat(LINES.header()).isEqualTo("name,proof.at,bytes\r\n");
    }

    @Test
    void quotesCommasAndLineEndsStayWithinTheirCell() {
        assertThat(line("{\"name\": \"a \\\"b\\\", c\\nd\", \"proof\": {\"at\": \"now\"}, \"bytes\": 7}"))
                .isEqualTo("\"a \"\"b\"\", c\nd\",\"now\",7\r\n");
    }

    @Test
    void whatIsNotKnownIsAnEmptyCell() {
        assertThat(line("{\"name\": null, \"proof\": null}")).isEqualTo(",,\r\n");
    }

    @Test
    void aReasonThatASpreadsheetWouldRunIsText() {
        assertThat(line("{\"name\": \"=HYPERLINK(1)\", \"bytes\": -5}")).isEqualTo("\"'=HYPERLINK(1)\",,-5\r\n");
    }

    private static String line(String item) {
        return LINES.line(JsonMapper.builder().build().readTree(item));
    }
}
