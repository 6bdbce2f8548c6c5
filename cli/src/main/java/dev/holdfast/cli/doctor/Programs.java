package dev.holdfast.cli.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs other programs to their end, by argument lists and never through a shell. */
final class Programs {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int NOT_STARTED = 127;
    private static final int TOO_LONG = 124;

    private Programs() {}

    /**
     * What a program left.
     *
     * @param status its exit status; 127 if it could not be started, 124 if it had not ended in time
     * @param out what it wrote to standard output
     * @param err what it wrote to standard error, or why it could not be run
     */
    record Ended(int status, String out, String err) {

        boolean isGood() {
            return status == 0;
        }

        /** The last line that it said, for messages. */
        String lastWords() {
            return err.strip().lines().reduce((first, second) -> second).orElse("exit status " + status);
        }
    }

    /** Runs it as this user. */
    static Ended run(OsUser user, List<String> command) {
        List<String> all = new ArrayList<>(user.prefix());
        all.addAll(command);
        try {
            Path folder = Files.createTempDirectory("holdfast-doctor-");
            Path out = folder.resolve("out");
            Path err = folder.resolve("err");
            try {
                return run(all, user, out, err);
            } finally {
                Files.deleteIfExists(out);
                Files.deleteIfExists(err);
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            return new Ended(NOT_STARTED, "", String.valueOf(e.getMessage()));
        }
    }

    private static Ended run(List<String> command, OsUser user, Path out, Path err) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                // a folder that every user may enter
                .directory(Path.of("/").toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("PGCONNECT_TIMEOUT", "5");
        if (!user.prefix().isEmpty()) {
            // the home folder of the one who called is not the other user's
            builder.environment().remove("HOME");
        }
        Process process = builder.start();
        try {
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return new Ended(TOO_LONG, text(out), "had not ended after %d s".formatted(LIMIT.toSeconds()));
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            return new Ended(TOO_LONG, text(out), "interrupted");
        }
        return new Ended(process.exitValue(), text(out), text(err));
    }

    /** Not {@code readString}: pgBackRest sometimes writes bytes that are no UTF-8. */
    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
