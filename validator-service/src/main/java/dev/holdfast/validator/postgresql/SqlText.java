package dev.holdfast.validator.postgresql;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** SQL that psql runs inside the sandbox, kept in files of its own beside this class. What varies reaches it as psql variables. */
enum SqlText {
    /** Everything that is in one database. */
    INVENTORY("inventory.sql"),
    /** Makes a database safe to be asked the user's questions. */
    ASSERTION_SETUP("assertion-setup.sql");

    private final String text;

    SqlText(String name) {
        try (InputStream file = SqlText.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException("the validator was built without " + name);
            }
            this.text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }

    String text() {
        return text;
    }
}
