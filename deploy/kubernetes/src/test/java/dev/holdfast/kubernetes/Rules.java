package dev.holdfast.kubernetes;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All rules, by what they say. */
final class Rules {

    /** In the order in which they are easiest to mend. */
    static final Map<String, Rule> ALL = new LinkedHashMap<>();

    static {
        ALL.put("schemas", Schemas::complaints);
        ALL.put("Pod Security restricted", PodRules::restricted);
        ALL.put("read-only root", PodRules::readOnlyRoot);
        ALL.put("versioned images", PodRules::versionedImages);
        ALL.put("resources", PodRules::resources);
        ALL.put("probes", PodRules::probes);
        ALL.put("no tokens", PodRules::noTokens);
        ALL.put("how copies are replaced", PodRules::replaced);
        ALL.put("order", PodRules::order);
        ALL.put("references", ReferenceRules::exist);
        ALL.put("volumes", ReferenceRules::volumes);
        ALL.put("namespace", ReferenceRules::namespaced);
        ALL.put("known variables", SettingRules::known);
        ALL.put("paths", SettingRules::mounted);
        ALL.put("ports", SettingRules::ports);
        ALL.put("denied by default", NetworkRules::deniedByDefault);
        ALL.put("selectors", NetworkRules::selectorsMatch);
        ALL.put("both ends of a path", NetworkRules::bothEnds);
        ALL.put("sandboxes are alone", NetworkRules::sandboxesAreAlone);
        ALL.put("nowhere everywhere", NetworkRules::nowhereEverywhere);
    }

    private Rules() {}

    /** What breaks any of them. */
    static List<String> complaints(Manifests manifests) {
        return ALL.entrySet().stream()
                .flatMap(rule -> rule.getValue().complaints(manifests).stream()
                        .map(complaint -> rule.getKey() + ": " + complaint))
                .toList();
    }
}
