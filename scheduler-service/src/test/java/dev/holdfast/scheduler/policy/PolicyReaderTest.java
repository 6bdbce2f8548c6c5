package dev.holdfast.scheduler.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.scheduler.cron.RandomExpression;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyReaderTest {

    private static final String WHOLE = """
            stanza: mcpgov
            timezone: Europe/Berlin
            backups:
              - {name: daily-full,       type: full, cron: "0 2 * * *"}
              - {name: six-hourly-diff,  type: diff, cron: "0 */6 * * *", repository: 2}
            restoreTests:
              - {name: weekly, cron: "0 3 * * 0", select: newest, target: latest}
              - {name: after-full, after: {type: full, share: 0.5, atMostEvery: 1d}, target: backup-end}
            missed: {policy: run-once, within: 12h}
            overlap: queue
            jitter: 10m
            blackouts: [{name: month start, cron: "0 0 1 * *", for: 4h}]
            retry: {attempts: 3, backoff: 5m}
            objectives: {backupAge: 26h, proofAge: 8d, rpo: 15m, rto: 30m}
            pool: berlin
            notAfter: 6h
            lostAfter: 20m
            """;

    @Test
    void whatIsWrittenIsReadBackAsTheSame() {
        PolicyDraft draft = PolicyReader.read(WHOLE);

        String written = PolicyYaml.write(draft.stanza(), draft.definition());

        assertThat(PolicyReader.read(written)).isEqualTo(draft);
        assertThat(PolicyReader.read(written).digest()).isEqualTo(draft.digest());
    }

    @Test
    void anotherWayToWriteTheSameIsTheSamePolicy() {
        String json = """
                {"timezone": "UTC", "stanza": "a", "jitter": "60s",
                 "backups": [{"cron": "0  2 * * *", "type": "full", "name": "n"}]}""";
        String yaml = "stanza: a\ntimezone: UTC\njitter: 1m\nbackups: [{name: n, type: full, cron: '0 2 * * *'}]\n";

        assertThat(PolicyReader.read(json).digest())
                .isEqualTo(PolicyReader.read(yaml).digest());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "timezone: Europe/Berlin | timezone: Middle/Earth | 2 | timezone | no time zone",
                "timezone: Europe/Berlin | zone: UTC | 2 | zone | unknown field",
                "stanza: mcpgov | stanza: ../etc | 1 | stanza | no stanza",
                "type: diff | type: delta | 5 | backups[1].type | 'delta' is unknown",
                "0 2 * * * | 0 25 * * * | 4 | backups[0].cron | hour field",
                "six-hourly-diff | daily-full | 5 | backups[1].name | another schedule",
                "share: 0.5 | share: 1.5 | 8 | restoreTests[1].after.share | no share",
                "jitter: 10m | jitter: 2d | 11 | jitter | at most 1d",
                "for: 4h | for: 4 | 12 | blackouts[0].for | is not a length of time",
                "attempts: 3 | attempts: 99 | 13 | retry.attempts | no number of attempts",
                "rpo: 15m | rop: 15m | 14 | objectives.rop | unknown field",
                "overlap: queue | overlap: wait | 10 | overlap | 'wait' is unknown",
            })
    void whatIsWrongIsToldWithItsLineAndField(String right, String wrong, int line, String field, String message) {
        List<PolicyProblem> problems = problems(WHOLE.replaceFirst(Pattern.quote(right), wrong));

        assertThat(problems).anySatisfy(problem -> {
            assertThat(problem.line()).isEqualTo(line);
            assertThat(problem.field()).isEqualTo(field);
            assertThat(problem.message()).contains(message);
        });
    }

    @Test
    void everythingThatIsWrongIsToldAtOnce() {
        assertThat(problems("timezone: Nowhere\nbackups: [{type: half}]\nextra: 1\n"))
                .extracting(PolicyProblem::field)
                .contains("stanza", "timezone", "backups[0].name", "backups[0].type", "backups[0].cron", "extra");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | is empty",
                "'- 1' | expected fields",
                "'a: [1' | not YAML",
                "'a: &x {b: 1}\nc: *x' | not YAML",
                "'!!javax.script.ScriptEngineManager {}' | tag is not allowed",
            })
    void aTextThatIsNoPolicyAtAllIsRefused(String text, String message) {
        assertThat(problems(text))
                .anySatisfy(problem -> assertThat(problem.message()).contains(message));
    }

    @Test
    void aTextThatIsTooLongIsNotRead() {
        assertThat(problems("# " + "x".repeat(PolicyReader.MAX_CHARACTERS)))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("at most"));
    }

    @Test
    void noDamagedTextDoesMoreThanBeRefused() {
        for (int seed = 0; seed < 5_000; seed++) {
            RandomGenerator random = RandomExpression.random(seed);
            StringBuilder text = new StringBuilder(WHOLE);
            for (int left = 1 + random.nextInt(4); left > 0; left--) {
                int at = random.nextInt(text.length());
                text.replace(at, Math.min(text.length(), at + random.nextInt(4)), damage(random));
            }
            assertReadOrRefused(text.toString(), seed);
        }
    }

    private static String damage(RandomGenerator random) {
        List<String> all =
                List.of("", "'", "\"", "{", "}", "[", "]", ":", "\n", "  ", "-1", "99999999999", "&a", "*a", "\t", "é");
        return all.get(random.nextInt(all.size()));
    }

    private static void assertReadOrRefused(String text, int seed) {
        try {
            PolicyDraft draft = PolicyReader.read(text);
            assertThat(PolicyReader.read(PolicyYaml.write(draft.stanza(), draft.definition()))
                            .digest())
                    .as("seed %d: %s", seed, text)
                    .isEqualTo(draft.digest());
        } catch (InvalidPolicyException e) {
            assertThat(e.problems())
                    .as("seed %d", seed)
                    .isNotEmpty()
                    .allSatisfy(problem -> assertThat(problem.line()).isPositive());
        }
    }

    private static List<PolicyProblem> problems(String text) {
        InvalidPolicyException refused =
                catchThrowableOfType(InvalidPolicyException.class, () -> PolicyReader.read(text));
        assertThat(refused).as("refused: %s", text).isNotNull();
        return refused.problems();
    }
}
