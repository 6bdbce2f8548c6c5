package dev.holdfast.schemas;

import java.util.regex.Pattern;

/**
 * What may be a stanza's name: pgBackRest uses it as a path without checking it ({@code ../../evil} writes outside the
 * repository), so every border of Holdfast does.
 */
public final class StanzaName {

    private static final Pattern VALID = Pattern.compile("^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$");

    private StanzaName() {}

    /** True if the text can safely be a pgBackRest argument and a folder's name. */
    public static boolean isValid(String text) {
        return VALID.matcher(text).matches();
    }

    /** The rule in words, for messages. */
    public static String rule() {
        return "1 to 63 letters, digits, '.', '_' or '-', the first a letter or digit";
    }
}
