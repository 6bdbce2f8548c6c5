package dev.holdfast.catalog.web;

import dev.holdfast.catalog.answers.Procedure;
import dev.holdfast.catalog.answers.Slot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How instants, sizes and states read on the page. */
final class Words {

    private static final DateTimeFormatter INSTANT = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ENGLISH).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter TIME_ONLY =
            DateTimeFormatter.ofPattern("HH:mm", Locale.ENGLISH).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY_ONLY =
            DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MONTH = DateTimeFormatter.ofPattern("MMMM uuuu", Locale.ENGLISH);
    private static final DateTimeFormatter WEEKDAY = DateTimeFormatter.ofPattern("EEE d MMM", Locale.ENGLISH);
    private static final String UNKNOWN = "unknown";
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB"};
    private static final double STEP = 1000.0;
    private static final int MINUTE = 60;
    private static final int HOUR = 3600;
    private static final int DAY = 86_400;

    private final Clock clock;

    Words(Clock clock) {
        this.clock = clock;
    }

    public String instant(@Nullable Instant instant) {
        return instant == null ? UNKNOWN : INSTANT.format(instant);
    }

    /** An instant as an event's JSON has it. */
    public String written(String instant) {
        return instant(Instant.parse(instant));
    }

    /** Where a cluster runs. */
    public String environment(Procedure.Environment environment) {
        return switch (environment) {
            case HOST -> "From stop to start, on a host";
            case COMPOSE -> "With Docker Compose";
            case KUBERNETES -> "On Kubernetes";
        };
    }

    /** The time of day to the second, for instants that lie close together. */
    public String second(Instant instant) {
        return SECOND.format(instant);
    }

    /** An instant as it stands below an axis whose instants are so far apart. */
    public String tick(Instant instant, Duration apart) {
        if (apart.compareTo(Duration.ofMinutes(1)) < 0) {
            return second(instant);
        }
        boolean wholeDays = apart.compareTo(Duration.ofDays(1)) >= 0;
        return (wholeDays || instant.getEpochSecond() % DAY == 0 ? DAY_ONLY : TIME_ONLY).format(instant);
    }

    /** The month, such as "November 2026". */
    public String month(YearMonth month) {
        return MONTH.format(month);
    }

    /** A day, such as "Thu 26 Nov". */
    public String day(LocalDate day) {
        return WEEKDAY.format(day);
    }

    /** How a slot ended, in one word that takes in what became of its request. */
    public String slotEnd(Slot slot) {
        boolean wasAsked = slot.requestId() != null && slot.requestState() != null;
        return plain(wasAsked ? slot.requestState() : slot.outcome());
    }

    /** The same as a class of the style sheet. */
    public String slotTone(Slot slot) {
        boolean wasAsked = slot.requestId() != null && slot.requestState() != null;
        return tone(wasAsked ? slot.requestState() : slot.outcome());
    }

    /** How long ago, such as "3 h ago". */
    public String age(@Nullable Instant instant) {
        if (instant == null) {
            return UNKNOWN;
        }
        Duration age = Duration.between(instant, clock.instant());
        return age.isNegative() || age.toSeconds() < 2 ? "just now" : duration(age) + " ago";
    }

    /** In the largest two units, such as "2 h 5 min". */
    public String duration(@Nullable Duration duration) {
        if (duration == null) {
            return UNKNOWN;
        }
        long seconds = duration.toSeconds();
        if (seconds < MINUTE) {
            return seconds + " s";
        }
        if (seconds < HOUR) {
            return pair(seconds / MINUTE, "min", seconds % MINUTE, "s");
        }
        return seconds < 2 * DAY
                ? pair(seconds / HOUR, "h", seconds % HOUR / MINUTE, "min")
                : pair(seconds / DAY, "d", seconds % DAY / HOUR, "h");
    }

    private static String pair(long large, String largeUnit, long small, String smallUnit) {
        boolean brief = small == 0 || large >= 10;
        return brief ? large + " " + largeUnit : "%d %s %d %s".formatted(large, largeUnit, small, smallUnit);
    }

    public String between(@Nullable Instant from, @Nullable Instant to) {
        return from == null || to == null ? UNKNOWN : duration(Duration.between(from, to));
    }

    /** A measured time: to a tenth of a second where that says something. */
    public String seconds(@Nullable Double seconds) {
        if (seconds == null) {
            return "–";
        }
        return seconds < MINUTE ? "%.1f s".formatted(seconds) : duration(Duration.ofSeconds(Math.round(seconds)));
    }

    public String bytes(@Nullable Long bytes) {
        if (bytes == null) {
            return UNKNOWN;
        }
        double value = bytes;
        int unit = 0;
        while (value >= STEP && unit < UNITS.length - 1) {
            value /= STEP;
            unit++;
        }
        return (unit == 0 ? "%.0f %s" : "%.1f %s").formatted(value, UNITS[unit]);
    }

    /** A word of the contract as people read it: COMPLETE_WITH_ERRORS as "complete with errors". */
    public String plain(@Nullable String word) {
        return word == null ? UNKNOWN : word.toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** An objective's name as people say it. */
    public String objective(String name) {
        return switch (name) {
            case "backupAge" -> "backup age";
            case "proofAge" -> "proof age";
            case "rpo" -> "RPO";
            case "rto" -> "RTO";
            default -> name;
        };
    }

    /** How a requester's name was established, so that nobody takes a claim for a login. */
    public String established(String how) {
        return switch (how) {
            case "KAFKA_CLIENT_ASSERTED" -> "says the Kafka client; nobody checked the name";
            case "OIDC" -> "logged in";
            case "SCHEDULER" -> "the scheduler itself";
            default -> plain(how);
        };
    }

    /** What a state or verdict means, as a class of the style sheet. */
    public String tone(@Nullable String word) {
        return switch (word) {
            case "PASSED", "PROVEN", "GOOD", "CONTENT_CHECKED", "BOUNDARY_PROVEN" -> "good";
            case "COMPLETE", "COMPLETED", "FEASIBLE", "CAUGHT_UP" -> "fine";
            case "FAILED",
                    "DISPROVEN",
                    "TROUBLE",
                    "VANISHED",
                    "COMPLETE_WITH_ERRORS",
                    "LOST",
                    "UNSERVED",
                    "INFEASIBLE" -> "bad";
            case "RUNNING", "REQUESTED", "QUEUED" -> "busy";
            case "INCONCLUSIVE", "REJECTED", "CANCELLED", "ATTENTION", "NOT_RUN", "MISSED" -> "doubt";
            case null, default -> "plain";
        };
    }

    /** The same for an event of a story. */
    public String toneOf(String type, @Nullable String verdict) {
        return switch (type) {
            case "BackupCompleted" -> "fine";
            case "BackupFailed", "BackupVanished", "ObjectiveBreached" -> "bad";
            case "BackupRejected", "RequestUnserved", "CancelRequested" -> "doubt";
            case "RestoreTestCompleted" -> tone(verdict);
            case "BackupStarted", "RestoreTestStarted" -> "busy";
            default -> "plain";
        };
    }
}
