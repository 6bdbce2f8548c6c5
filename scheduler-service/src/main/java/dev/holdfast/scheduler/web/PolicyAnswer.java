package dev.holdfast.scheduler.web;

import dev.holdfast.events.Pause;
import dev.holdfast.events.Policy;
import dev.holdfast.scheduler.policy.PolicyYaml;
import dev.holdfast.scheduler.slot.SlotPreview;
import java.util.LinkedHashMap;
import java.util.Map;

/** How policies and slots look in JSON. */
final class PolicyAnswer {

    private PolicyAnswer() {}

    static Map<String, Object> of(Policy policy) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("stanza", policy.getStanza());
        answer.put("state", policy.getState().name());
        answer.put("version", policy.getVersion());
        answer.put("digest", policy.getDigest());
        answer.put("changedAt", policy.getOccurredAt());
        answer.put("changedBy", policy.getChangedBy().getPrincipal());
        answer.put("reason", policy.getReason());
        answer.put("pause", policy.getPause().map(PolicyAnswer::pause).orElse(null));
        answer.put("policy", PolicyYaml.document(policy.getStanza(), policy.getDefinition()));
        return answer;
    }

    private static Map<String, Object> pause(Pause pause) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("by", pause.getBy().getPrincipal());
        answer.put("reason", pause.getReason());
        answer.put("since", pause.getSince());
        answer.put("until", pause.getUntil().orElse(null));
        return answer;
    }

    static Map<String, Object> of(String stanza, SlotPreview.Upcoming upcoming) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("stanza", stanza);
        answer.put("schedule", upcoming.schedule());
        answer.put("kind", upcoming.kind().name());
        answer.put("type", upcoming.type().orElse(null));
        answer.put("slot", upcoming.slot());
        answer.put("local", upcoming.local().toString());
        answer.put("fires", upcoming.fires());
        answer.put("blackout", upcoming.blackout().orElse(null));
        answer.put("pause", upcoming.pause().orElse(null));
        return answer;
    }
}
