package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Terminal.Ended;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a command line can't mean is said before anything is asked or published. Nothing listens at the addresses used here. */
class UsageTest {

    private Terminal terminal = new Terminal(Path.of("."));

    @BeforeEach
    void pointAtNothing(@TempDir Path home) {
        terminal = new Terminal(home)
                .env("HOLDFAST_KAFKA", "127.0.0.1:1")
                .env("HOLDFAST_REGISTRY", "http://127.0.0.1:1")
                .env("HOLDFAST_CATALOG", "http://127.0.0.1:1")
                .env("HOLDFAST_SCHEDULER", "http://127.0.0.1:1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            backup ../evil                           | '../evil' is not a stanza's name: 1 to 63 letters
            backup mcpgov --type partial             | --type is 'partial'; expected one of full, diff, incr
            backup mcpgov --wait=later               | --wait is 'later'; expected one of completed, proven
            backup mcpgov --wait --timeout soon      | 'soon' is not a length of time: expected one such as 90s, 2h
            backup mcpgov --wait --timeout 0s        | '0s' is not a length of time above zero
            backup mcpgov --not-after 2026-11-22T02:00:00 | does not say in which time zone: add Z for UTC or an offset
            backup mcpgov --repository 0             | pgBackRest numbers repositories from 1 to 256
            backup                                   | Missing required parameter: 'STANZA'
            prove mcpgov --at 2026-11-22T02:00       | does not say in which time zone: add Z for UTC or an offset
            prove mcpgov --at 2026-13-22T02:00:00Z   | is not a time: expected one such as 2026-11-22T02:00:00Z
            prove mcpgov --lsn zzz                   | 'zzz' is not an LSN: expected one such as 0/3000028
            prove mcpgov --label newest              | 'newest' is not a backup's label
            prove mcpgov --latest --random           | mutually exclusive
            show mcpgov ../../etc/passwd             | is not a backup's label
            list --limit 0                           | --limit is 0; expected 1 or more
            list --since yesterday                   | 'yesterday' is not a time: expected one such as 2026-11-22T02:00:00Z
            list --since 2026-11-22T02:00            | does not say in which time zone
            list -o xml                              | --output is 'xml'; expected one of table, json, yaml
            events --from yesterday                  | 'yesterday' is not a time
            trace newest                             | 'newest' is neither a request's id, as holdfast backup prints it, nor a backup's label
            events --type BackupDone                 | 'BackupDone' is no type of event; expected one of BackupCompleted,
            cancel not-a-uuid                        | Invalid value for positional parameter
            policy apply -f /nonexistent/policy.yaml | there is no file /nonexistent/policy.yaml
            policy next                              | name either a stanza whose policy is in force, or a policy with -f FILE
            policy                                   | policy needs to know what to do
            plan mcpgov                              | Missing required option: '--at=TIME|LENGTH'
            plan mcpgov --at 2026-11-22T02:00        | does not say in which time zone
            plan ../evil --at 2h                     | '../evil' is not a stanza's name
            catalog                                  | catalog needs to know what to do: rebuild
            doctor --stanza ../evil                  | '../evil' is not a stanza's name
            policy aply -f x                         | 'aply' is not a command of holdfast policy
            bakup mcpgov                             | 'bakup' is not a command of holdfast
            bakup mcpgov                             | Did you mean: holdfast backup?
            list --kafkaa x                          | Unknown option
            list --profile nowhere                   | there is no profile 'nowhere': expected the file
            list --catalog 127.0.0.1:8080            | HOLDFAST_CATALOG is '127.0.0.1:8080'; expected a URL such as http://127.0.0.1:8080
            """)
    void aCommandLineWithoutMeaningEndsWithTwoAndTheRule(String line, String rule) {
        Ended ended = terminal.type(line.split(" "));

        assertThat(ended.err()).contains(rule);
        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "backup mcpgov",
                "backup --wait mcpgov",
                "prove mcpgov --wait",
                "events",
                "cancel 0192c3a0-0000-4000-8000-000000000001 --stanza mcpgov"
            })
    void withoutKafkaTheStatusIsThreeAndOneLineSaysWhatToDo(String line) {
        Ended ended = terminal.type(line.split(" "));

        assertThat(ended)
                .isEqualTo(
                        new Ended(
                                3,
                                "",
                                "holdfast: cannot reach Kafka at 127.0.0.1:1 (Connection refused). Start the local stack with ./holdfast up, or name another with --kafka.\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "list",
                "status",
                "show mcpgov 20261122-020003F",
                "trace 0192c3a0-0000-4000-8000-000000000001",
                "plan mcpgov --at 2h",
                "catalog rebuild"
            })
    void withoutTheCatalogTheStatusIsThreeAndOneLineSaysWhatToDo(String line) {
        Ended ended = terminal.type(line.split(" "));

        assertThat(ended)
                .isEqualTo(
                        new Ended(
                                3,
                                "",
                                "holdfast: cannot reach the catalog at http://127.0.0.1:1 (Connection refused). Start the local stack with ./holdfast up, or name another address with --catalog.\n"));
    }

    @Test
    void withoutTheSchedulerTheStatusIsThree() {
        Ended ended = terminal.type("policy", "get");

        assertThat(ended.status()).isEqualTo(3);
        assertThat(ended.err()).contains("cannot reach the scheduler at http://127.0.0.1:1");
    }

    @Test
    void helpNamesEveryCommandAlsoThoseOfTheLauncher() {
        Ended ended = terminal.type("--help");

        assertThat(ended.status()).isZero();
        assertThat(ended.out())
                .contains("status ", "backup ", "prove ", "list ", "show ", "trace ", "cancel ", "events ", "policy ")
                .contains("  up  ", "  down  ", "  env  ", "  pids  ")
                .contains("0 done and good, 1 done and bad, 2 usage, 3 cannot reach a service, 4 timed out");
    }

    @Test
    void everyOptionOfAllCommandsMayStandBeforeOrAfterTheCommand() {
        Ended before = terminal.type("--catalog", "http://127.0.0.1:2", "list");
        Ended after = terminal.type("list", "--catalog", "http://127.0.0.1:2");

        assertThat(before.err()).contains("http://127.0.0.1:2").isEqualTo(after.err());
    }

    @Test
    void aStanzaThatIsNamedLikeACommandIsStillAStanza() {
        Ended ended = terminal.type("list", "backup");

        assertThat(ended.status()).isEqualTo(3);
    }
}
