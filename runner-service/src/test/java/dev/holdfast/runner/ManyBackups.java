package dev.holdfast.runner;

import dev.holdfast.testsupport.Command;
import dev.holdfast.testsupport.DatabaseUser;
import dev.holdfast.testsupport.PgBackRestRepository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Years of backups in a repository, written into its list: each a copy of one that was really made, under a label of its own. */
final class ManyBackups {

    private static final LocalDateTime FIRST = LocalDateTime.of(2020, 1, 1, 0, 0);
    private static final DateTimeFormatter LABEL = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss'F'");

    private ManyBackups() {}

    /** Adds so many older ones to the single backup that the repository holds. */
    static void addTo(PgBackRestRepository repository, int number) {
        String made = repository.labels().getLast();
        List<String> labels = IntStream.range(0, number)
                .mapToObj(hour -> FIRST.plusHours(hour).format(LABEL))
                .toList();
        Path folder = repository.path().resolve("backup").resolve(repository.stanza());
        makeFolders(folder, made, labels);
        list(folder, made, labels);
    }

    /** pgBackRest takes what has no manifest off its list. */
    private static void makeFolders(Path folder, String made, List<String> labels) {
        try {
            Path list = Files.createTempFile("holdfast-labels-", "");
            Files.write(list, labels);
            Command.output(List.of("chmod", "0644", list.toString()));
            Command.output(DatabaseUser.as(List.of("sh", "-c", """
                    cd '%s' && while read -r label; do mkdir "$label" && ln %s/backup.manifest "$label/"; done <'%s'
                    """.formatted(folder, made, list))));
            Files.delete(list);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void list(Path folder, String made, List<String> labels) {
        try {
            Path info = folder.resolve("backup.info");
            String text = Files.readString(info);
            String head = text.substring(0, text.lastIndexOf("[backrest]"));
            String line = head.lines()
                    .filter(candidate -> candidate.startsWith(made + "="))
                    .findFirst()
                    .orElseThrow();
            String value = line.substring(line.indexOf('='));
            String lines = labels.stream().map(label -> label + value).collect(Collectors.joining("\n"));
            String all = head.replace(line, lines + "\n" + line);
            String signed = all + "[backrest]\nbackrest-checksum=\"%s\"\n".formatted(checksum(all));
            Files.writeString(info, signed);
            Files.writeString(folder.resolve("backup.info.copy"), signed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** pgBackRest's own: SHA-1 of the sections as one JSON object. */
    private static String checksum(String text) {
        String sections = text.strip()
                .lines()
                .filter(line -> !line.isBlank())
                .map(line -> line.startsWith("[")
                        ? "},\"%s\":{".formatted(line.substring(1, line.length() - 1))
                        : "\"%s\":%s,"
                                .formatted(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)))
                .collect(Collectors.joining())
                .replace(",}", "}");
        String json = "{" + sections.substring(2, sections.length() - 1) + "}}";
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(json.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
