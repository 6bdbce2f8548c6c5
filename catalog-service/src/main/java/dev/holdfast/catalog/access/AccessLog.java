package dev.holdfast.catalog.access;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Who asked what, and what became of it: one line of JSON a request, to a file of its own or to the logger {@code
 * holdfast.access}. The newest are kept in memory for auditors to read.
 */
final class AccessLog {

    private static final int KEPT = 2_000;
    private static final int FILES = 20;
    private static final long FILE_BYTES = 20L * 1024 * 1024;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Logger logger;
    private final boolean quiet;
    private final Deque<Entry> newest = new ArrayDeque<>();

    /**
     * One request. No value of a parameter is in it but the stanza's, and no header.
     *
     * @param time when it came, UTC
     * @param principal who asked; {@code -} if nobody has said so, or not so that it could be believed
     * @param address where it came from
     * @param method of HTTP
     * @param path as it was sent, without the query
     * @param parameters the names of its query's parameters, and the stanza that it asks about
     * @param status what was answered
     * @param milliseconds until the answer was there; for a stream until it began
     */
    record Entry(
            Instant time,
            String principal,
            String address,
            String method,
            String path,
            List<String> parameters,
            int status,
            long milliseconds) {

        /** True for what only reads, and was answered. */
        private boolean isPlainRead() {
            return method.equals("GET") && status < 400;
        }
    }

    /**
     * A log.
     *
     * @param file where to; empty for the logger
     * @param quiet true to leave reads that were answered out of the service's own log
     */
    AccessLog(String file, boolean quiet) {
        logger = (Logger) LoggerFactory.getLogger("holdfast.access");
        logger.setLevel(Level.INFO);
        this.quiet = quiet && file.isEmpty();
        if (!file.isEmpty()) {
            logger.addAppender(appender(logger.getLoggerContext(), file));
            logger.setAdditive(false);
        }
    }

    void add(Entry entry) {
        synchronized (newest) {
            newest.addFirst(entry);
            if (newest.size() > KEPT) {
                newest.removeLast();
            }
        }
        if (!quiet || !entry.isPlainRead()) {
            logger.info(JSON.writeValueAsString(entry));
        }
    }

    /** The newest of this process, newest first. */
    List<Entry> newest(int limit) {
        synchronized (newest) {
            List<Entry> entries = new ArrayList<>(newest);
            return entries.subList(0, Math.min(limit, entries.size()));
        }
    }

    private static RollingFileAppender<ILoggingEvent> appender(LoggerContext context, String file) {
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setContext(context);
        appender.setFile(file);
        FixedWindowRollingPolicy names = new FixedWindowRollingPolicy();
        names.setContext(context);
        names.setParent(appender);
        names.setFileNamePattern(file + ".%i.gz");
        names.setMaxIndex(FILES);
        names.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
        size.setContext(context);
        size.setMaxFileSize(new FileSize(FILE_BYTES));
        size.start();
        PatternLayoutEncoder lines = new PatternLayoutEncoder();
        lines.setContext(context);
        lines.setPattern("%msg%n");
        lines.start();
        appender.setRollingPolicy(names);
        appender.setTriggeringPolicy(size);
        appender.setEncoder(lines);
        appender.start();
        return appender;
    }
}
