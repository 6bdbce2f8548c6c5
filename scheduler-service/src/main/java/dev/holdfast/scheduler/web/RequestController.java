package dev.holdfast.scheduler.web;

import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.Requester;
import dev.holdfast.events.RestoreTestRequested;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Ad hoc requests: published, and answered with where their story can be read. */
@RestController
final class RequestController {

    static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    private static final int LONGEST_KEY = 255;

    private final AdHocRequests requests;
    private final Publication publication;
    private final IdempotencyKeys keys;
    private final PolicyDesk policies;

    RequestController(AdHocRequests requests, Publication publication, IdempotencyKeys keys, PolicyDesk policies) {
        this.requests = requests;
        this.publication = publication;
        this.keys = keys;
        this.policies = policies;
    }

    /** Asks for a backup. */
    @PostMapping("/api/v1/backup-requests")
    ResponseEntity<Map<String, Object>> backup(
            @RequestBody Map<String, Object> body,
            @RequestHeader(name = IDEMPOTENCY_KEY, required = false) @Nullable String key,
            Authentication who) {
        Requester requester = Caller.of(who);
        BackupRequested request = requests.backup(body, requester, checked(key));
        policies.requireReady();
        hold(key, request.getRequestId(), Fingerprint.of("BACKUP", body));
        publication.request(request);
        Map<String, Object> answer = answer(request.getRequestId().toString(), request.getStanza(), "BACKUP");
        answer.put("type", request.getType().name());
        return accepted(answer);
    }

    /** Asks for a restore test. */
    @PostMapping("/api/v1/restore-test-requests")
    ResponseEntity<Map<String, Object>> restoreTest(
            @RequestBody Map<String, Object> body,
            @RequestHeader(name = IDEMPOTENCY_KEY, required = false) @Nullable String key,
            Authentication who) {
        Requester requester = Caller.of(who);
        RestoreTestRequested request = requests.restoreTest(body, requester, checked(key));
        policies.requireReady();
        hold(key, request.getRequestId(), Fingerprint.of("RESTORE_TEST", body));
        publication.request(request);
        Map<String, Object> answer = answer(request.getRequestId().toString(), request.getStanza(), "RESTORE_TEST");
        answer.put("testId", request.getTestId().toString());
        return accepted(answer);
    }

    private void hold(@Nullable String key, UUID requestId, String fingerprint) {
        if (key != null && !keys.claim(requestId, fingerprint)) {
            throw new KeyReusedException(key);
        }
    }

    private static Map<String, Object> answer(String requestId, String stanza, String kind) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("requestId", requestId);
        answer.put("stanza", stanza);
        answer.put("kind", kind);
        answer.put("state", "REQUESTED");
        return answer;
    }

    private static ResponseEntity<Map<String, Object>> accepted(Map<String, Object> answer) {
        return ResponseEntity.accepted()
                .location(URI.create("/api/v1/requests/" + answer.get("requestId")))
                .body(answer);
    }

    private static @Nullable String checked(@Nullable String key) {
        if (key != null && (key.isBlank() || key.length() > LONGEST_KEY)) {
            throw new InvalidRequestException(List.of(
                    Map.of("field", IDEMPOTENCY_KEY, "message", "expected 1 to %d characters".formatted(LONGEST_KEY))));
        }
        return key;
    }
}
