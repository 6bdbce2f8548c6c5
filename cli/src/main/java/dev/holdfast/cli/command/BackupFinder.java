package dev.holdfast.cli.command;

import dev.holdfast.cli.CommandFailure;
import dev.holdfast.cli.http.Catalog;
import dev.holdfast.cli.http.JsonHttp;
import dev.holdfast.cli.json.Doc;
import java.util.List;
import java.util.stream.Collectors;

/** Finds the one backup that {@code [STANZA] LABEL} means. */
final class BackupFinder {

    private BackupFinder() {}

    /**
     * The backup.
     *
     * @param words a label, or a stanza and a label
     * @throws CommandFailure if there is none, or several stanzas have one
     */
    static Doc find(Catalog catalog, List<String> words) {
        if (words.size() == 2) {
            String stanza = Words.stanza(words.getFirst());
            String label = Words.label(words.getLast());
            return catalog.find("/backups/" + JsonHttp.encoded(stanza) + "/" + JsonHttp.encoded(label))
                    .orElseThrow(() -> absent(catalog, stanza, label));
        }
        String label = Words.label(words.getFirst());
        List<Doc> found = catalog.backupsLabelled(label);
        if (found.isEmpty()) {
            throw CommandFailure.bad("no stanza has a backup %s in the catalog; see holdfast list".formatted(label));
        }
        if (found.size() > 1) {
            throw CommandFailure.usage("several stanzas have a backup %s: %s. Name the stanza first."
                    .formatted(
                            label,
                            found.stream().map(backup -> backup.cell("stanza")).collect(Collectors.joining(", "))));
        }
        return found.getFirst();
    }

    private static CommandFailure absent(Catalog catalog, String stanza, String label) {
        catalog.requireStanza(stanza);
        return CommandFailure.bad(
                "stanza %s has no backup %s in the catalog; see holdfast list %s".formatted(stanza, label, stanza));
    }
}
