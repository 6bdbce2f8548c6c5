package dev.holdfast.cli.command;

import dev.holdfast.cli.ExitStatus;
import dev.holdfast.cli.http.Catalog;
import dev.holdfast.cli.json.Doc;
import dev.holdfast.cli.screen.Humanized;
import dev.holdfast.cli.screen.Table;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code holdfast show}: everything about one backup. */
@Command(name = "show", description = "Show everything the catalog knows about one backup.")
final class ShowCommand extends Subcommand {

    @Parameters(
            arity = "1..2",
            paramLabel = "[STANZA] LABEL",
            description = "The backup's label, if need be after its stanza.")
    private List<String> words = List.of();

    ShowCommand(Session session) {
        super(session);
    }

    @Override
    ExitStatus run() {
        Doc backup = BackupFinder.find(new Catalog(session().catalog()), words);
        answer(backup, this::print);
        return ExitStatus.GOOD;
    }

    private void print(Doc backup) {
        Table table = new Table("", "");
        backup.members().forEach((name, value) -> {
            String shown = value == null || name.equals("asOf") ? "" : shown(name, value);
            if (!shown.isEmpty()) {
                table.row(name, shown);
            }
        });
        if (backup.text("proof").isEmpty()) {
            table.row(
                    "proof",
                    "none yet; make one: holdfast prove %s --label %s --wait"
                            .formatted(backup.cell("stanza"), backup.cell("label")));
        }
        table.printRows(console());
        Freshness.mention(console(), backup);
    }

    private String shown(String name, @Nullable Object value) {
        if (value instanceof Map<?, ?>) {
            StringBuilder text = new StringBuilder();
            Doc.of(value).members().forEach((key, member) -> {
                String part = member == null ? "" : shown(key, member);
                if (!part.isEmpty()) {
                    text.append(text.isEmpty() ? "" : ", ")
                            .append(key)
                            .append(' ')
                            .append(part);
                }
            });
            return text.toString();
        }
        if (value instanceof Number number && name.endsWith("Bytes")) {
            return Humanized.bytes(number.longValue()) + " (" + number + ")";
        }
        if (value instanceof String text && (name.endsWith("At") || name.equals("at"))) {
            Instant now = session().clock().instant();
            return Humanized.instant(text) + " (" + Humanized.age(text, now) + ")";
        }
        if (value instanceof List<?> list) {
            return list.stream().map(String::valueOf).collect(Collectors.joining(", "));
        }
        return String.valueOf(value);
    }
}
