package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.HoldfastCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script for bash, asked by bash itself. */
class CompletionTest {

    @TempDir
    private Path folder = Path.of("");

    @Test
    void bashIsTaughtEveryCommandAndTheirOptions() throws IOException, InterruptedException {
        Path script = folder.resolve("completion");
        Files.writeString(script, completion());

        assertThat(completed(script, "holdfast", "po")).containsExactly("policy");
        assertThat(completed(script, "holdfast", "backup", "--wa")).contains("--wait");
        assertThat(completed(script, "holdfast", "policy", "pa")).containsExactly("pause");
    }

    @Test
    void theScriptDoesNotSayWhenItWasMade() {
        assertThat(completion()).isEqualTo(completion()).doesNotContain("# Date:");
    }

    private static String completion() {
        return CommandTree.completion(new HoldfastCommand(), Session.ofProcess());
    }

    /** What bash offers for the last word, begun. */
    private static List<String> completed(Path script, String... words) throws IOException, InterruptedException {
        String ask = """
                # only while a person presses the key does bash have it
                compopt() { :; }
                source %s
                COMP_WORDS=(%s)
                COMP_CWORD=%d
                COMP_LINE='%s'
                COMP_POINT=${#COMP_LINE}
                _complete_holdfast
                printf '%%s\\n' "${COMPREPLY[@]}"
                """.formatted(script, String.join(" ", words), words.length - 1, String.join(" ", words));
        Process bash =
                new ProcessBuilder("bash", "-c", ask).redirectErrorStream(true).start();
        String offered = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(offered).isZero();
        return offered.lines().map(String::strip).toList();
    }
}
