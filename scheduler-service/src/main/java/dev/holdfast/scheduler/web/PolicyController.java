package dev.holdfast.scheduler.web;

import dev.holdfast.events.Policy;
import dev.holdfast.scheduler.policy.PolicyBook;
import dev.holdfast.scheduler.policy.PolicyDraft;
import dev.holdfast.scheduler.policy.PolicyReader;
import dev.holdfast.scheduler.policy.PolicyVersions;
import dev.holdfast.scheduler.policy.PolicyYaml;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Policies: read from this instance's own view, so that any instance answers for all stanzas. */
@RestController
@RequestMapping("/api/v1/policies")
final class PolicyController {

    private static final String YAML = MediaType.APPLICATION_YAML_VALUE;
    private static final String JSON = MediaType.APPLICATION_JSON_VALUE;
    private static final String TEXT = MediaType.TEXT_PLAIN_VALUE;

    private final PolicyBook book;
    private final PolicyDesk desk;

    PolicyController(PolicyBook book, PolicyDesk desk) {
        this.book = book;
        this.desk = desk;
    }

    /** All policies in force. */
    @GetMapping(produces = JSON)
    Map<String, Object> list() {
        desk.requireReady();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("items", book.inForce().stream().map(PolicyAnswer::of).toList());
        answer.put("next", null);
        return answer;
    }

    /** One policy with its version. */
    @GetMapping(path = "/{stanza}", produces = JSON)
    ResponseEntity<Map<String, Object>> get(@PathVariable String stanza) {
        Policy policy = desk.inForce(stanza);
        return ResponseEntity.ok().eTag(Conditions.tagOf(policy)).body(PolicyAnswer.of(policy));
    }

    /** One policy as its author would write it. */
    @GetMapping(path = "/{stanza}", produces = YAML)
    ResponseEntity<String> getYaml(@PathVariable String stanza) {
        Policy policy = desk.inForce(stanza);
        return ResponseEntity.ok()
                .eTag(Conditions.tagOf(policy))
                .body(PolicyYaml.write(policy.getStanza(), policy.getDefinition()));
    }

    /** Applies a policy, whichever stanza it names. */
    @PostMapping(
            consumes = {YAML, JSON, TEXT},
            produces = JSON)
    ResponseEntity<Map<String, Object>> apply(
            @RequestBody String text,
            @RequestParam(defaultValue = "") String reason,
            @RequestParam(defaultValue = "false") boolean dryRun,
            Authentication who) {
        return apply(PolicyReader.read(text), who, reason, dryRun);
    }

    /** Applies a policy; it must name the stanza of the path. */
    @PutMapping(
            path = "/{stanza}",
            consumes = {YAML, JSON, TEXT},
            produces = JSON)
    ResponseEntity<Map<String, Object>> put(
            @PathVariable String stanza,
            @RequestBody String text,
            @RequestParam(defaultValue = "") String reason,
            @RequestParam(defaultValue = "false") boolean dryRun,
            Authentication who) {
        PolicyDraft draft = PolicyReader.read(text);
        if (!draft.stanza().equals(stanza)) {
            throw new InvalidRequestException(List.of(Map.of(
                    "field",
                    "stanza",
                    "message",
                    "the policy is of '%s', the path of '%s'".formatted(draft.stanza(), stanza))));
        }
        return apply(draft, who, reason, dryRun);
    }

    private ResponseEntity<Map<String, Object>> apply(
            PolicyDraft draft, Authentication who, String reason, boolean dryRun) {
        PolicyDesk.Applied applied = desk.apply(draft, author(who, reason), dryRun);
        Map<String, Object> answer = PolicyAnswer.of(applied.policy());
        answer.put("changed", applied.changed());
        boolean created = applied.changed() && !dryRun && applied.policy().getVersion() == 1;
        return ResponseEntity.status(created ? HttpStatus.CREATED : HttpStatus.OK)
                .eTag(Conditions.tagOf(applied.policy()))
                .body(answer);
    }

    /** Puts a policy out of force. */
    @DeleteMapping("/{stanza}")
    ResponseEntity<Void> delete(
            @PathVariable String stanza, @RequestParam(defaultValue = "") String reason, Authentication who) {
        desk.remove(stanza, author(who, reason));
        return ResponseEntity.noContent().build();
    }

    /** Pauses a policy: nothing is requested until it ends. */
    @PostMapping(path = "/{stanza}/pause", produces = JSON)
    Map<String, Object> pause(
            @PathVariable String stanza,
            @RequestParam(defaultValue = "") String reason,
            @RequestParam(required = false) @Nullable Instant until,
            Authentication who) {
        return PolicyAnswer.of(desk.pause(stanza, until, author(who, reason)));
    }

    /** Ends a pause. */
    @PostMapping(path = "/{stanza}/resume", produces = JSON)
    Map<String, Object> resume(
            @PathVariable String stanza, @RequestParam(defaultValue = "") String reason, Authentication who) {
        return PolicyAnswer.of(desk.resume(stanza, author(who, reason)));
    }

    /** The slots to come of a policy in force. */
    @GetMapping(path = "/{stanza}/next", produces = JSON)
    Map<String, Object> next(
            @PathVariable String stanza,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(defaultValue = "10") int count) {
        Policy policy = desk.inForce(stanza);
        return desk.preview(
                new PolicyDraft(policy.getStanza(), policy.getDefinition()),
                policy.getPause(),
                Optional.ofNullable(from),
                count);
    }

    /** The slots to come of a policy that is not applied. */
    @PostMapping(
            path = "/next",
            consumes = {YAML, JSON, TEXT},
            produces = JSON)
    Map<String, Object> nextOf(
            @RequestBody String text,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(defaultValue = "10") int count) {
        return desk.preview(PolicyReader.read(text), Optional.empty(), Optional.ofNullable(from), count);
    }

    private static PolicyVersions.Author author(Authentication who, String reason) {
        return new PolicyVersions.Author(Caller.of(who), reason);
    }
}
