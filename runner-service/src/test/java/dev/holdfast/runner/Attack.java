package dev.holdfast.runner;

import dev.holdfast.events.BackupRequested;
import dev.holdfast.testsupport.Events;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Input that wants something it must not get. All of it is random, and no two are alike. */
sealed interface Attack {

    /** Bytes on the topic of requests, one character each. */
    record Bytes(String latin1) implements Attack {}

    /** A request that breaks a rule, or is past its last instant: it must end in a rejection, or in silence. */
    record Request(BackupRequested event) implements Attack {}

    /** What is sent to the runner's port. */
    record Http(String text) implements Attack {}

    /** Endless attacks on one stanza; a shell that ran one of their texts would leave a file beside the canary. */
    final class Source {

        private static final List<String> PATHS = List.of(
                "/actuator/env",
                "/actuator/heapdump",
                "/actuator/loggers/ROOT",
                "/actuator/refresh",
                "/actuator/stop",
                "/actuator/beans",
                "/actuator/threaddump",
                "/actuator/routes",
                "/actuator/info",
                "/actuator/caches",
                "/actuator/loggers",
                "/actuator/metrics",
                "/../../../../etc/passwd",
                "/%2e%2e/%2e%2e/etc/pgbackrest.conf",
                "/static/..%2f..%2fetc%2fpgbackrest.conf",
                "//actuator//env",
                "/actuator/health/../env",
                "/;/actuator/env");

        private final Random random;
        private final String stanza;
        private final Path canary;

        /** One plain question for each path that must not answer. */
        static List<Http> everyPath() {
            return PATHS.stream()
                    .map(path -> new Http("GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".formatted(path)))
                    .toList();
        }

        Source(Random random, String stanza, Path canary) {
            this.random = random;
            this.stanza = stanza;
            this.canary = canary;
        }

        Attack next() {
            return switch (random.nextInt(9)) {
                case 0 -> new Bytes(bytes());
                case 1 -> new Bytes("\u0000\u0000\u0000\u0000" + (char) random.nextInt(64) + hostile());
                case 2 -> request(stanza, Map.of(), Map.of(option(), hostile()), "");
                case 3 -> request(stanza, Map.of(), Map.of("process-max", hostile()), hostile());
                case 4 -> request(stanza, Map.of(hostile().repeat(9), hostile()), Map.of(), hostile());
                case 5 -> request(hostile(), Map.of(), Map.of(), hostile());
                case 6 ->
                    request(
                            stanza,
                            Map.of(hostile(), hostile()),
                            Map.of(),
                            hostile().repeat(random.nextInt(300)));
                default -> new Http(http());
            };
        }

        private Attack request(String target, Map<String, String> labels, Map<String, String> options, String reason) {
            return new Request(Events.backupRequested(target)
                    .setLabels(labels)
                    .setOptions(options)
                    .setReason(reason)
                    .setRepository(random.nextInt(4) == 0 ? random.nextInt() : null)
                    // whatever passes every rule must still not run
                    .setNotAfter(Instant.EPOCH)
                    .build());
        }

        private String option() {
            List<String> options = List.of(
                    "repo1-path",
                    "config",
                    "cmd",
                    "cmd-ssh",
                    "repo1-host-cmd",
                    "pg1-path",
                    "stanza",
                    "annotation",
                    "exec-id",
                    "lock-path",
                    "log-path",
                    "archive-header-check",
                    "process-max ",
                    "PROCESS-MAX");
            return options.get(random.nextInt(options.size())) + (random.nextBoolean() ? "" : "=" + hostile());
        }

        private String hostile() {
            String file = canary + "-" + random.nextInt(1_000_000);
            List<String> texts = List.of(
                    "$(touch " + file + ")",
                    "`touch " + file + "`",
                    "; touch " + file + " #",
                    "| touch " + file,
                    "&& touch " + file,
                    "\n touch " + file + "\n",
                    "--repo1-path=" + file,
                    "--log-path=" + file,
                    "--config=" + file,
                    "../../../../../.." + file,
                    "'; drop table backup; --",
                    "${jndi:ldap://127.0.0.1:1/x}",
                    "<script>alert(1)</script>",
                    "\u0000\u202E\uFEFF" + file,
                    "%n%s%x%p" + file);
            return texts.get(random.nextInt(texts.size()));
        }

        private String bytes() {
            byte[] value = new byte[random.nextInt(2_000)];
            random.nextBytes(value);
            if (value.length > 0 && random.nextBoolean()) {
                value[0] = 0;
            }
            return new String(value, StandardCharsets.ISO_8859_1);
        }

        private String http() {
            String path =
                    PATHS.get(random.nextInt(PATHS.size())) + (random.nextBoolean() ? "" : "?" + random.nextInt());
            return switch (random.nextInt(6)) {
                case 0 ->
                    "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}".formatted(path);
                case 1 -> "TRACE %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".formatted(path);
                case 2 ->
                    "GET %s HTTP/1.1\r\nHost: x\r\nX-Long: %s\r\nConnection: close\r\n\r\n"
                            .formatted(path, "a".repeat(20_000));
                case 3 ->
                    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\nGET %s HTTP/1.1\r\nHost: x\r\n\r\n"
                            .formatted(path);
                case 4 -> "\u0016\u0003\u0001" + hostile() + "\r\n\r\n";
                default -> "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(path, stanza);
            };
        }
    }
}
