package dev.holdfast.cli.screen;

import dev.holdfast.cli.json.Doc;
import dev.holdfast.cli.json.Json;
import java.util.function.Consumer;

/** Writes an answer in the format that was asked for. */
public final class Answer {

    private Answer() {}

    /**
     * Writes the document as it is for programs, or lets {@code forPeople} tell it.
     *
     * @param console where to
     * @param format what was asked for
     * @param answer the answer, keys as in the HTTP API
     * @param forPeople writes the same for a person
     */
    public static void write(Console console, Format format, Doc answer, Consumer<Doc> forPeople) {
        switch (format) {
            case TABLE -> forPeople.accept(answer);
            case JSON -> console.data(Json.pretty(answer.members()));
            case YAML -> console.data(Yaml.text(answer.members()));
        }
        console.out().flush();
    }
}
