package dev.holdfast.scheduler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;

/** The clock of processes that tests start, moved under their feet by Debian's libfaketime, as a time server does. */
final class MovableClock {

    private static final Duration BEFORE_THE_SLOT = Duration.ofSeconds(2);

    private final Path folder;
    private Duration ahead = Duration.ZERO;

    /** A clock that is right. */
    MovableClock(Path folder) throws IOException {
        this.folder = folder;
        write();
    }

    /** What it says now. */
    Instant now() {
        return Instant.now().plus(ahead);
    }

    /** Sets it forth, or back. */
    void move(Duration by) throws IOException {
        ahead = ahead.plus(by);
        write();
    }

    /** Sets it forth to just before a minute begins: slots are whole minutes. */
    void moveToTheNextMinute() throws IOException {
        moveToTheNextSlot(Duration.ofMinutes(1));
    }

    /**
     * Sets it forth to just before the next slot.
     *
     * @param apart from slot to slot; divides an hour
     */
    void moveToTheNextSlot(Duration apart) throws IOException {
        long since = now().getEpochSecond() % apart.toSeconds();
        move(Duration.ofSeconds(Math.max(0, apart.minus(BEFORE_THE_SLOT).toSeconds() - since)));
    }

    /** In one step: the processes look into the file every second. */
    private void write() throws IOException {
        Path next = Files.writeString(folder.resolve("clock.next"), "%+d\n".formatted(ahead.toSeconds()));
        Files.move(next, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Path file() {
        return folder.resolve("clock");
    }

    /** The variables that a process goes by it with. */
    Map<String, String> environment() throws IOException {
        return Map.of(
                "LD_PRELOAD",
                library().toString(),
                "FAKETIME_TIMESTAMP_FILE",
                file().toString(),
                // to look at each question for the time would make a start three times as long
                "FAKETIME_CACHE_DURATION",
                "1",
                // waits are measured on the other clock, which never jumps
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1");
    }

    private static Path library() throws IOException {
        try (Stream<Path> found = Files.find(
                Path.of("/usr/lib"), 3, (path, attributes) -> path.endsWith("faketime/libfaketimeMT.so.1"))) {
            return found.findFirst()
                    .orElseThrow(() -> new IllegalStateException(
                            "there is no libfaketime, which moves the scheduler's clock; run deploy/local/prepare"));
        }
    }
}
