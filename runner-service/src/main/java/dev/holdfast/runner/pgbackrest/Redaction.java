package dev.holdfast.runner.pgbackrest;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Takes secrets and control characters out of text that leaves this host.
 *
 * @param secrets values that are known to be secret
 */
record Redaction(List<String> secrets) {

    /** Longest log tail that goes into an event, characters. */
    static final int TAIL_LIMIT = 16 * 1024;

    private static final String MASK = "<redacted>";
    private static final Pattern ASSIGNED = Pattern.compile(
            "(?i)([\\w-]*(?:pass|passphrase|password|secret|token|credential|[-_]key)[\\w-]*\\s*[=:]\\s*)(?!<redacted>)([^\\s,;'\"]+)");
    private static final Pattern IN_URL = Pattern.compile("(\\w+://[^\\s/:@]+:)[^\\s/@]+@");
    private static final Pattern AWS_KEY = Pattern.compile("\\b(?:AKIA|ASIA)[A-Z0-9]{16}\\b");
    private static final Pattern FILE_LINE =
            Pattern.compile("(?m)^.*DETAIL: (?:backup|match|store zero-length) file .*\\R?");
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\\n\\t]]");

    Redaction {
        secrets = List.copyOf(secrets);
    }

    /** Never the values. */
    @Override
    public String toString() {
        return "Redaction[%d secrets]".formatted(secrets.size());
    }

    /** True if a setting of this name holds a secret. */
    static boolean isSecret(String name) {
        String word = name.toLowerCase(Locale.ROOT).replace('_', '-');
        return word.endsWith("-pass")
                || word.endsWith("-passphrase")
                || word.endsWith("-key-secret")
                || word.endsWith("-s3-key")
                || word.endsWith("-azure-key")
                || word.endsWith("-token")
                || word.endsWith("-customer-key");
    }

    /** The text without secrets. */
    String applied(String text) {
        String clean = text;
        for (String secret : secrets) {
            clean = clean.replace(secret, MASK);
        }
        clean = ASSIGNED.matcher(clean).replaceAll("$1" + MASK);
        clean = IN_URL.matcher(clean).replaceAll("$1" + MASK + "@");
        clean = AWS_KEY.matcher(clean).replaceAll(MASK);
        return CONTROL.matcher(clean).replaceAll("?");
    }

    /**
     * The end of pgBackRest's output, without secrets and without the line for each file, which would push everything
     * else out: at most {@link #TAIL_LIMIT} characters, whole lines.
     */
    String tail(String text) {
        String clean = applied(FILE_LINE.matcher(text).replaceAll("")).strip();
        if (clean.length() <= TAIL_LIMIT) {
            return clean;
        }
        String end = clean.substring(clean.length() - TAIL_LIMIT);
        int line = end.indexOf('\n');
        return line < 0 ? end : end.substring(line + 1);
    }
}
