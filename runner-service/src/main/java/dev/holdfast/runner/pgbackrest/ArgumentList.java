package dev.holdfast.runner.pgbackrest;

import dev.holdfast.runner.backup.BackupRequest;
import dev.holdfast.runner.backup.BackupSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The argument list of a backup. Everything in it comes from the settings or has passed the request's rules. */
final class ArgumentList {

    private static final Set<String> SWITCHES = Set.of("start-fast", "archive-check", "resume");

    private ArgumentList() {}

    /** The list, program first, command last. */
    static List<String> of(BackupRequest request, Pgbackrest tool) {
        List<String> arguments = new ArrayList<>();
        arguments.add(tool.executable());
        arguments.addAll(tool.configuration());
        arguments.add("--stanza=" + request.stanza());
        arguments.add("--type=" + request.kind().word());
        request.repository().ifPresent(number -> arguments.add("--repo=" + number));
        arguments.add("--annotation=" + BackupSet.ANNOTATION + "=" + request.id());
        // before 2.53 warnings went to stderr, without time and process
        arguments.add("--log-level-console=detail");
        arguments.add("--log-level-stderr=off");
        new TreeMap<>(request.options()).entrySet().forEach(option -> arguments.add(argument(option)));
        arguments.add("backup");
        return List.copyOf(arguments);
    }

    private static String argument(Map.Entry<String, String> option) {
        if (SWITCHES.contains(option.getKey())) {
            return option.getValue().equals("y") ? "--" + option.getKey() : "--no-" + option.getKey();
        }
        return "--" + option.getKey() + "=" + option.getValue();
    }
}
