package dev.holdfast.scheduler.policy;

import dev.holdfast.events.AfterBackup;
import dev.holdfast.events.PolicyDefinition;
import dev.holdfast.events.RestoreTestSchedule;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/** Writes a policy the way {@link PolicyReader} reads it: always the same text for the same policy. */
public final class PolicyYaml {

    private PolicyYaml() {}

    /** The policy as YAML. */
    public static String write(String stanza, PolicyDefinition definition) {
        return dump(document(stanza, definition));
    }

    /** The policy as nested fields, in the order in which people write them. */
    public static Map<String, Object> document(String stanza, PolicyDefinition definition) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("stanza", stanza);
        document.putAll(fields(definition));
        return document;
    }

    /** SHA-256 of the definition's canonical text, hexadecimal. */
    public static String digest(PolicyDefinition definition) {
        try {
            byte[] text = dump(fields(definition)).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static Map<String, Object> fields(PolicyDefinition definition) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("timezone", definition.getTimezone());
        putList(
                fields,
                "backups",
                definition.getBackups().stream().map(PolicyYaml::backup).toList());
        putList(
                fields,
                "restoreTests",
                definition.getRestoreTests().stream()
                        .map(PolicyYaml::restoreTest)
                        .toList());
        fields.put("missed", missed(definition));
        fields.put("overlap", PolicyNode.wordOf(definition.getOverlap()));
        fields.put("jitter", Lengths.format(definition.getJitterSeconds()));
        putList(
                fields,
                "blackouts",
                definition.getBlackouts().stream().map(PolicyYaml::blackout).toList());
        definition.getRetry().ifPresent(retry -> {
            Map<String, Object> nested = new LinkedHashMap<>();
            nested.put("attempts", retry.getAttempts());
            nested.put("backoff", Lengths.format(retry.getBackoffSeconds()));
            fields.put("retry", nested);
        });
        Map<String, Object> objectives = objectives(definition);
        if (!objectives.isEmpty()) {
            fields.put("objectives", objectives);
        }
        definition.getPool().ifPresent(pool -> fields.put("pool", pool));
        putLength(fields, "notAfter", definition.getNotAfterSeconds());
        putLength(fields, "lostAfter", Optional.of(definition.getLostAfterSeconds()));
        return fields;
    }

    private static Map<String, Object> backup(dev.holdfast.events.BackupSchedule schedule) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", schedule.getName());
        fields.put("type", PolicyNode.wordOf(schedule.getType()));
        fields.put("cron", schedule.getCron());
        schedule.getRepository().ifPresent(repository -> fields.put("repository", repository));
        return fields;
    }

    private static Map<String, Object> restoreTest(RestoreTestSchedule schedule) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", schedule.getName());
        schedule.getCron().ifPresent(cron -> {
            fields.put("cron", cron);
            fields.put("select", PolicyNode.wordOf(schedule.getSelect()));
        });
        schedule.getAfter().ifPresent(after -> fields.put("after", after(after)));
        fields.put("target", PolicyNode.wordOf(schedule.getTarget()));
        return fields;
    }

    private static Map<String, Object> after(AfterBackup after) {
        Map<String, Object> fields = new LinkedHashMap<>();
        after.getType().ifPresent(type -> fields.put("type", PolicyNode.wordOf(type)));
        if (after.getShare() < 1) {
            fields.put("share", after.getShare());
        }
        putLength(fields, "atMostEvery", after.getAtMostEverySeconds());
        return fields;
    }

    private static Map<String, Object> missed(PolicyDefinition definition) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("policy", PolicyNode.wordOf(definition.getMissed()));
        putLength(fields, "within", definition.getMissedWithinSeconds());
        return fields;
    }

    private static Map<String, Object> blackout(dev.holdfast.events.Blackout blackout) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", blackout.getName());
        fields.put("cron", blackout.getCron());
        fields.put("for", Lengths.format(blackout.getForSeconds()));
        return fields;
    }

    private static Map<String, Object> objectives(PolicyDefinition definition) {
        Map<String, Object> fields = new LinkedHashMap<>();
        putLength(fields, "backupAge", definition.getObjectives().getBackupAgeSeconds());
        putLength(fields, "proofAge", definition.getObjectives().getProofAgeSeconds());
        putLength(fields, "rpo", definition.getObjectives().getRpoSeconds());
        putLength(fields, "rto", definition.getObjectives().getRtoSeconds());
        return fields;
    }

    private static void putLength(Map<String, Object> fields, String name, Optional<Long> seconds) {
        seconds.ifPresent(value -> fields.put(name, Lengths.format(value)));
    }

    private static void putList(Map<String, Object> fields, String name, List<?> values) {
        if (!values.isEmpty()) {
            fields.put(name, values);
        }
    }

    private static String dump(Map<String, Object> document) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setWidth(200);
        return new Yaml(options).dump(document);
    }
}
