package dev.holdfast.runner.pgbackrest;

import dev.holdfast.runner.backup.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Follows what pgBackRest prints and says how far it is. Reads each line once; not safe for several threads. */
final class ProgressReader {

    private static final Pattern FILE_DONE =
            Pattern.compile("(?:backup|match) file .* \\(([0-9.]+)(B|KB|MB|GB|TB|PB)(?:, ([0-9.]+)%)?\\)");
    private static final int BUFFER = 64 * 1024;

    private final Path output;
    private long position;
    private String rest = "";
    private double percent = -1;
    private long bytes;
    private String phase = "starting";

    ProgressReader(Path output) {
        this.output = output;
    }

    /** How far it is by now. */
    Progress read() {
        String text = rest + news();
        int end = text.lastIndexOf('\n') + 1;
        rest = text.substring(end);
        text.substring(0, end).lines().forEach(this::line);
        boolean known = percent >= 0;
        return new Progress(
                known ? OptionalDouble.of(percent) : OptionalDouble.empty(),
                known ? OptionalLong.of(bytes) : OptionalLong.empty(),
                percent > 0 ? OptionalLong.of(Math.round(bytes * 100.0 / percent)) : OptionalLong.empty(),
                phase);
    }

    private void line(String line) {
        Matcher file = FILE_DONE.matcher(line);
        if (file.find() && file.group(3) != null) {
            phase = "copying";
            bytes += bytesOf(file.group(1), file.group(2));
            percent = Math.max(percent, Math.min(100, Double.parseDouble(file.group(3))));
        } else if (line.contains("backup start archive")) {
            phase = "copying";
        } else if (line.contains("backup stop and wait for all WAL segments")) {
            phase = "archiving";
        } else if (line.contains("expire command begin")) {
            phase = "expiring";
        }
    }

    private static long bytesOf(String number, String unit) {
        return Math.round(Double.parseDouble(number) * Math.pow(1024, powerOf(unit)));
    }

    private static int powerOf(String unit) {
        return switch (unit) {
            case "KB" -> 1;
            case "MB" -> 2;
            case "GB" -> 3;
            case "TB" -> 4;
            case "PB" -> 5;
            default -> 0;
        };
    }

    private String news() {
        StringBuilder news = new StringBuilder();
        try (SeekableByteChannel channel = Files.newByteChannel(output)) {
            channel.position(position);
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
            while (channel.read(buffer) > 0) {
                position += buffer.position();
                // a character cut in two can only be part of a file's name, which is not used here
                news.append(new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8));
                buffer.clear();
            }
        } catch (IOException e) {
            // the supervisor has not made the file yet
            return "";
        }
        return news.toString();
    }
}
