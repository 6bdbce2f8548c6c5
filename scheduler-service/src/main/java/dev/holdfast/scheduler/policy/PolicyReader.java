package dev.holdfast.scheduler.policy;

import dev.holdfast.events.AfterBackup;
import dev.holdfast.events.BackupSchedule;
import dev.holdfast.events.BackupSelection;
import dev.holdfast.events.BackupType;
import dev.holdfast.events.Blackout;
import dev.holdfast.events.MissedRule;
import dev.holdfast.events.Objectives;
import dev.holdfast.events.OverlapRule;
import dev.holdfast.events.PolicyDefinition;
import dev.holdfast.events.RestoreTestSchedule;
import dev.holdfast.events.RetryRule;
import dev.holdfast.events.TargetKind;
import dev.holdfast.scheduler.cron.CronSchedule;
import dev.holdfast.schemas.StanzaName;
import java.io.StringReader;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Reads a policy from YAML, or from JSON, which is YAML too.
 *
 * <p>The text is only taken apart into nodes, never into Java objects: a tag in it can't name a class.
 */
public final class PolicyReader {

    /** More than any sensible policy; a larger text is refused unread. */
    public static final int MAX_CHARACTERS = 64 * 1024;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final List<BackupType> TYPES = List.of(BackupType.FULL, BackupType.DIFF, BackupType.INCR);
    private static final List<TargetKind> TARGETS =
            List.of(TargetKind.BACKUP_END, TargetKind.LATEST, TargetKind.RANDOM_IN_WINDOW);
    private static final List<BackupSelection> SELECTIONS = List.of(
            BackupSelection.NEWEST, BackupSelection.OLDEST, BackupSelection.RANDOM, BackupSelection.LEAST_PROVEN);
    private static final long MAX_JITTER_SECONDS = 86_400;
    private static final int MAX_ATTEMPTS = 20;

    private final List<PolicyProblem> problems = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    private PolicyReader() {}

    /**
     * Reads one policy.
     *
     * @throws InvalidPolicyException with everything that is wrong, each with line and field
     */
    public static PolicyDraft read(String text) {
        return new PolicyReader().draft(text);
    }

    private PolicyDraft draft(String text) {
        PolicyNode root = new PolicyNode(compose(text), "", problems);
        Optional<String> stanza = root.requiredParsed("stanza", PolicyReader::stanza);
        Optional<ZoneId> zone = root.requiredParsed("timezone", PolicyReader::zone);
        PolicyDefinition definition = definition(root, zone);
        root.refuseOthers();
        if (!problems.isEmpty() || stanza.isEmpty()) {
            throw new InvalidPolicyException(problems);
        }
        return new PolicyDraft(stanza.get(), definition);
    }

    private static Node compose(String text) {
        if (text.length() > MAX_CHARACTERS) {
            throw invalid(
                    1, 1, "the policy has %d characters; at most %d are read".formatted(text.length(), MAX_CHARACTERS));
        }
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(0);
        options.setNestingDepthLimit(20);
        try {
            Node node = new Yaml(options).compose(new StringReader(text));
            if (node == null) {
                throw invalid(1, 1, "the policy is empty");
            }
            return node;
        } catch (MarkedYAMLException e) {
            var mark = e.getProblemMark();
            throw invalid(
                    mark == null ? 1 : mark.getLine() + 1,
                    mark == null ? 1 : mark.getColumn() + 1,
                    "this is not YAML: " + e.getProblem());
        } catch (YAMLException e) {
            throw invalid(1, 1, "this is not YAML: " + e.getMessage());
        }
    }

    private static InvalidPolicyException invalid(int line, int column, String message) {
        return new InvalidPolicyException(List.of(new PolicyProblem(line, column, "", message)));
    }

    private PolicyDefinition definition(PolicyNode root, Optional<ZoneId> zone) {
        ZoneId cronZone = zone.orElse(ZoneOffset.UTC);
        var definition = PolicyDefinition.newBuilder()
                .setTimezone(cronZone.getId())
                .setBackups(root.children("backups").stream()
                        .map(node -> backup(node, cronZone))
                        .toList())
                .setRestoreTests(root.children("restoreTests").stream()
                        .map(node -> restoreTest(node, cronZone))
                        .toList())
                .setBlackouts(root.children("blackouts").stream()
                        .map(node -> blackout(node, cronZone))
                        .toList())
                .setObjectives(objectives(root.child("objectives")))
                .setOverlap(root.word("overlap", List.of(OverlapRule.QUEUE, OverlapRule.SKIP))
                        .orElse(OverlapRule.QUEUE))
                .setJitterSeconds(jitter(root));
        missed(root, definition);
        root.child("retry").ifPresent(node -> definition.setRetry(retry(node)));
        root.text("pool").ifPresent(definition::setPool);
        root.seconds("notAfter")
                .ifPresent(seconds -> definition.setNotAfterSeconds(positive(root, "notAfter", seconds)));
        root.seconds("lostAfter")
                .ifPresent(seconds -> definition.setLostAfterSeconds(positive(root, "lostAfter", seconds)));
        return definition.build();
    }

    private BackupSchedule backup(PolicyNode node, ZoneId zone) {
        var schedule = BackupSchedule.newBuilder()
                .setName(name(node))
                .setType(typeOf(node))
                .setCron(cron(node, zone));
        node.parsed("repository", PolicyReader::repository).ifPresent(schedule::setRepository);
        node.refuseOthers();
        return schedule.build();
    }

    private static BackupType typeOf(PolicyNode node) {
        Optional<BackupType> type = node.word("type", TYPES);
        if (type.isEmpty()) {
            node.required("type");
        }
        return type.orElse(BackupType.FULL);
    }

    private RestoreTestSchedule restoreTest(PolicyNode node, ZoneId zone) {
        var schedule = RestoreTestSchedule.newBuilder().setName(name(node));
        Optional<PolicyNode> after = node.child("after");
        boolean byCron = node.text("cron").isPresent();
        if (byCron == after.isPresent()) {
            node.note("cron", "expected exactly one of cron and after");
        }
        if (byCron) {
            schedule.setCron(cron(node, zone));
        }
        after.ifPresent(nested -> schedule.setAfter(after(nested)));
        if (after.isPresent() && node.text("select").isPresent()) {
            node.note("select", "a restore test that follows a backup takes that backup; leave select out");
        }
        schedule.setSelect(node.word("select", SELECTIONS).orElse(BackupSelection.NEWEST));
        schedule.setTarget(node.word("target", TARGETS).orElse(TargetKind.BACKUP_END));
        node.refuseOthers();
        return schedule.build();
    }

    private static AfterBackup after(PolicyNode node) {
        var after = AfterBackup.newBuilder()
                .setShare(node.parsed("share", PolicyReader::share).orElse(1.0));
        node.word("type", TYPES).ifPresent(after::setType);
        node.seconds("atMostEvery").ifPresent(after::setAtMostEverySeconds);
        node.refuseOthers();
        return after.build();
    }

    private Blackout blackout(PolicyNode node, ZoneId zone) {
        Blackout blackout = Blackout.newBuilder()
                .setName(node.required("name").orElse(""))
                .setCron(cron(node, zone))
                .setForSeconds(
                        node.requiredParsed("for", text -> Lengths.parse(text).toSeconds())
                                .map(seconds -> positive(node, "for", seconds))
                                .orElse(1L))
                .build();
        node.refuseOthers();
        return blackout;
    }

    private static Objectives objectives(Optional<PolicyNode> node) {
        Objectives.Builder objectives = Objectives.newBuilder();
        node.ifPresent(fields -> {
            fields.seconds("backupAge").ifPresent(objectives::setBackupAgeSeconds);
            fields.seconds("proofAge").ifPresent(objectives::setProofAgeSeconds);
            fields.seconds("rpo").ifPresent(objectives::setRpoSeconds);
            fields.seconds("rto").ifPresent(objectives::setRtoSeconds);
            fields.refuseOthers();
        });
        return objectives.build();
    }

    private static void missed(PolicyNode root, PolicyDefinition.Builder definition) {
        root.child("missed").ifPresent(node -> {
            node.word("policy", List.of(MissedRule.SKIP, MissedRule.RUN_ONCE, MissedRule.RUN_ALL))
                    .ifPresent(definition::setMissed);
            node.seconds("within").ifPresent(definition::setMissedWithinSeconds);
            node.refuseOthers();
        });
    }

    private static RetryRule retry(PolicyNode node) {
        RetryRule rule = RetryRule.newBuilder()
                .setAttempts(
                        node.requiredParsed("attempts", PolicyReader::attempts).orElse(1))
                .setBackoffSeconds(node.seconds("backoff").orElse(300L))
                .build();
        node.refuseOthers();
        return rule;
    }

    private static long jitter(PolicyNode root) {
        long seconds = root.seconds("jitter").orElse(0L);
        if (seconds > MAX_JITTER_SECONDS) {
            root.note("jitter", "%s is too long; at most 1d".formatted(Lengths.format(seconds)));
        }
        return seconds;
    }

    private static long positive(PolicyNode node, String field, long seconds) {
        if (seconds < 1) {
            node.note(field, "expected more than no time");
        }
        return seconds;
    }

    private String name(PolicyNode node) {
        return node.requiredParsed("name", this::uniqueName).orElse("");
    }

    private String uniqueName(String text) {
        if (!NAME.matcher(text).matches()) {
            throw new IllegalArgumentException("'%s' is no name; expected %s".formatted(text, StanzaName.rule()));
        }
        if (!names.add(text)) {
            throw new IllegalArgumentException("'%s' is the name of another schedule of this policy".formatted(text));
        }
        return text;
    }

    private static String cron(PolicyNode node, ZoneId zone) {
        return node.requiredParsed("cron", text -> CronSchedule.of(text, zone).toString())
                .orElse("");
    }

    private static String stanza(String text) {
        if (!StanzaName.isValid(text)) {
            throw new IllegalArgumentException("'%s' is no stanza; expected %s".formatted(text, StanzaName.rule()));
        }
        return text;
    }

    private static ZoneId zone(String text) {
        if (!ZoneId.getAvailableZoneIds().contains(text)) {
            throw new IllegalArgumentException(
                    "'%s' is no time zone; expected an IANA name such as UTC or Europe/Berlin".formatted(text));
        }
        return ZoneId.of(text);
    }

    private static int repository(String text) {
        if (!text.matches("[1-9]\\d{0,2}")) {
            throw new IllegalArgumentException("'%s' is no repository number; expected 1 to 256".formatted(text));
        }
        return Integer.parseInt(text);
    }

    private static int attempts(String text) {
        if (!text.matches("\\d{1,3}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MAX_ATTEMPTS) {
            throw new IllegalArgumentException(
                    "'%s' is no number of attempts; expected 1 to %d".formatted(text, MAX_ATTEMPTS));
        }
        return Integer.parseInt(text);
    }

    private static double share(String text) {
        double share = text.matches("\\d?\\.?\\d{1,6}") ? Double.parseDouble(text) : 0;
        if (share <= 0 || share > 1) {
            throw new IllegalArgumentException("'%s' is no share; expected a number above 0 up to 1".formatted(text));
        }
        return share;
    }
}
