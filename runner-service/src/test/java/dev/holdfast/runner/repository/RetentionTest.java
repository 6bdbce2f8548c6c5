package dev.holdfast.runner.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetentionTest {

    private static final List<String> REMAINING = List.of("20261103-020000F", "20261104-020000F");

    @Test
    void aBackupOlderThanAllThatAreKeptWentByTheRuleForFulls() {
        assertThat(retention("repo1-retention-full", "2").ruleFor("20261101-020000F", 1, REMAINING))
                .contains("repo1-retention-full=2");
    }

    @Test
    void aDiffGoesWithItsFull() {
        assertThat(retention("repo1-retention-full", "2").ruleFor("20261101-020000F_20261101-080000D", 1, REMAINING))
                .contains("repo1-retention-full=2");
    }

    @Test
    void aFullThatIsYoungerThanOneThatIsKeptWasNotExpired() {
        assertThat(retention("repo1-retention-full", "2").ruleFor("20261105-020000F", 1, REMAINING))
                .isEmpty();
    }

    @Test
    void withoutARuleNothingExpires() {
        assertThat(new Retention(key -> Optional.empty()).ruleFor("20261101-020000F", 1, REMAINING))
                .isEmpty();
    }

    @Test
    void whenEverythingIsGoneNoRuleExplainsIt() {
        assertThat(retention("repo1-retention-full", "2").ruleFor("20261101-020000F", 1, List.of()))
                .isEmpty();
    }

    @Test
    void onlyTheRepositorysOwnSettingsAreToldAndOnlyThoseThatAreSet() {
        Map<String, String> settings =
                Map.of("repo1-retention-full", "4", "repo1-retention-full-type", "time", "repo2-retention-full", "9");

        Retention retention = new Retention(name -> Optional.ofNullable(settings.get(name)));

        assertThat(retention.configured(1))
                .isEqualTo(Map.of("repo1-retention-full", "4", "repo1-retention-full-type", "time"));
        assertThat(retention.configured(3)).isEmpty();
    }

    private static Retention retention(String key, String value) {
        return new Retention(name -> Optional.ofNullable(Map.of(key, value).get(name)));
    }
}
