package dev.holdfast.validator.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpectationTest {

    private static final Expectation HUNDRED = new Expectation.Numeric(BigDecimal.valueOf(100), BigDecimal.valueOf(5));
    private static final Expectation UP_TO_TEN =
            new Expectation.Between(Optional.of(BigDecimal.ONE), Optional.of(BigDecimal.TEN));
    private static final Expectation OPEN = new Expectation.Text("open");

    @ParameterizedTest
    @CsvSource({"100", "95", "105", "1.05e2", " 100.0 "})
    void aNumberWithinItsToleranceIsRight(String answer) {
        assertThat(HUNDRED.complaint(Optional.of(answer))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"94.999", "105.001", "1e999999999", "NaN", "many", "''"})
    void anyOtherAnswerIsWrongAndQuoted(String answer) {
        assertThat(HUNDRED.complaint(Optional.of(answer)).orElseThrow())
                .contains("100 give or take 5", "'" + answer + "'");
    }

    @ParameterizedTest
    @CsvSource({"1,true", "10,true", "0.99,false", "10.01,false", "x,false"})
    void boundsBelongToTheirRange(String answer, boolean right) {
        assertThat(UP_TO_TEN.complaint(Optional.of(answer)).isEmpty()).isEqualTo(right);
    }

    @ParameterizedTest
    @CsvSource({"open,true", "Open,false", "opened,false"})
    void aTextIsRightToTheLetter(String answer, boolean right) {
        assertThat(OPEN.complaint(Optional.of(answer)).isEmpty()).isEqualTo(right);
    }

    @Test
    void nullIsNeverRight() {
        assertThat(HUNDRED.complaint(Optional.empty())).isPresent();
        assertThat(UP_TO_TEN.complaint(Optional.empty())).isPresent();
        assertThat(OPEN.complaint(Optional.empty()).orElseThrow()).contains("NULL");
    }
}
