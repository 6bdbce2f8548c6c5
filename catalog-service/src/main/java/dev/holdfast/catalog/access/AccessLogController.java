package dev.holdfast.catalog.access;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The newest requests of this process, for auditors. */
@RestController
final class AccessLogController {

    private static final int MOST = 1_000;

    private final AccessLog log;

    AccessLogController(AccessLog log) {
        this.log = log;
    }

    /** Who asked what of this process lately, newest first; the whole record is in the log that the operator keeps. */
    @GetMapping(path = "/api/v1/access-log", produces = MediaType.APPLICATION_JSON_VALUE)
    Map<String, Object> newest(@RequestParam(defaultValue = "100") int limit) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("items", log.newest(Math.clamp(limit, 1, MOST)));
        answer.put("next", null);
        return answer;
    }
}
