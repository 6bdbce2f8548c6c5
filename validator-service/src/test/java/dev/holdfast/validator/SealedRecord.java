package dev.holdfast.validator;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * pgBackRest's records carry a checksum of their own content: SHA-1 over the sections as JSON, without the checksum itself
 * ({@code info.c}, {@code infoSave}).
 */
final class SealedRecord {

    private static final Pattern CHECKSUM = Pattern.compile("\n\\[backrest]\nbackrest-checksum=\"([0-9a-f]{40})\"\n$");

    private SealedRecord() {}

    /** The record with the checksum that its content calls for. */
    static String sealed(String record) {
        Matcher match = CHECKSUM.matcher(record);
        if (!match.find()) {
            throw new IllegalArgumentException("no record of pgBackRest's: it does not end with its checksum");
        }
        return record.substring(0, match.start(1)) + checksum(record.substring(0, match.start())) + "\"\n";
    }

    private static String checksum(String content) {
        StringBuilder json = new StringBuilder("{");
        String between = "";
        for (String line : content.lines().filter(text -> !text.isEmpty()).toList()) {
            if (line.startsWith("[")) {
                json.append(json.length() > 1 ? "}," : "")
                        .append('"')
                        .append(line, 1, line.length() - 1)
                        .append("\":{");
                between = "";
            } else {
                int equals = line.indexOf('=');
                json.append(between)
                        .append('"')
                        .append(line, 0, equals)
                        .append("\":")
                        .append(line, equals + 1, line.length());
                between = ",";
            }
        }
        return sha1(json.append("}}").toString());
    }

    private static String sha1(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
