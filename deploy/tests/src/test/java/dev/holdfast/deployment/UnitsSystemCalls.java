package dev.holdfast.deployment;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.testsupport.Command;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The system calls that a unit leaves its service, as a profile that the container engine enforces in systemd's place:
 * {@code SystemCallFilter=} and {@code RestrictAddressFamilies=}; what is not allowed fails with EPERM, as the units say.
 */
final class UnitsSystemCalls {

    private static final Map<String, Integer> FAMILIES = Map.of("AF_UNIX", 1, "AF_INET", 2, "AF_INET6", 10);
    private static final Map<String, List<String>> GROUPS = groups();

    private UnitsSystemCalls() {}

    /** The profile, as Docker reads it. */
    static String profile(UnitFile unit) {
        Set<String> allowed = allowed(unit);
        ObjectNode profile = new ObjectMapper().createObjectNode().put("defaultAction", "SCMP_ACT_ERRNO");
        ArrayNode rules = profile.putArray("syscalls");
        allowed.remove("socket");
        ArrayNode names = rules.addObject().put("action", "SCMP_ACT_ALLOW").putArray("names");
        allowed.forEach(names::add);
        unit.words("RestrictAddressFamilies").forEach(family -> allowSocket(rules, family));
        return profile.toString();
    }

    private static void allowSocket(ArrayNode rules, String family) {
        ObjectNode rule = rules.addObject().put("action", "SCMP_ACT_ALLOW");
        rule.putArray("names").add("socket");
        rule.putArray("args")
                .addObject()
                .put("index", 0)
                .put("value", FAMILIES.get(family))
                .put("op", "SCMP_CMP_EQ");
    }

    /** Line by line: the first one says whether it is a list of what is allowed, one that begins with {@code ~} takes away. */
    private static Set<String> allowed(UnitFile unit) {
        Set<String> allowed = new TreeSet<>(expanded("@default"));
        for (String line : unit.all("SystemCallFilter")) {
            boolean denied = line.startsWith("~");
            for (String word : line.substring(denied ? 1 : 0).split("\\s+")) {
                if (denied) {
                    allowed.removeAll(expanded(word));
                } else {
                    allowed.addAll(expanded(word));
                }
            }
        }
        return allowed;
    }

    private static Set<String> expanded(String word) {
        Set<String> calls = new TreeSet<>();
        if (word.startsWith("@")) {
            GROUPS.getOrDefault(word, List.of()).forEach(member -> calls.addAll(expanded(member)));
        } else {
            calls.add(word);
        }
        return calls;
    }

    /** What {@code systemd-analyze syscall-filter} prints: a group at the margin, its members, calls or groups, indented. */
    private static Map<String, List<String>> groups() {
        Map<String, List<String>> groups = new HashMap<>();
        List<String> members = new ArrayList<>();
        for (String line : Command.output(List.of("systemd-analyze", "--no-pager", "syscall-filter"))
                .lines()
                .toList()) {
            String word = line.strip();
            if (line.startsWith("@")) {
                members = groups.computeIfAbsent(word, name -> new ArrayList<>());
            } else if (!word.isEmpty() && !word.startsWith("#")) {
                members.add(word);
            }
        }
        return groups;
    }
}
