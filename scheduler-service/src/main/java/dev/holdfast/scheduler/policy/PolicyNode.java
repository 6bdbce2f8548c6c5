package dev.holdfast.scheduler.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A mapping of the text, read field by field. What is wrong is added to the problems with its place, and reading goes on,
 * so that an author sees all of it at once.
 */
final class PolicyNode {

    private final Node node;
    private final String path;
    private final List<PolicyProblem> problems;
    private final Set<String> known = new TreeSet<>();

    PolicyNode(Node node, String path, List<PolicyProblem> problems) {
        this.node = node;
        this.path = path;
        this.problems = problems;
        if (!(node instanceof MappingNode)) {
            problem(node, path, "expected fields such as name: value, found " + kindOf(node));
        }
    }

    /** A text that must be there; empty, and a problem noted, if it isn't. */
    Optional<String> required(String field) {
        Optional<String> value = text(field);
        if (value.isEmpty() && tuple(field).isEmpty()) {
            problem(node, pathOf(field), "the field is missing");
        }
        return value;
    }

    /** A text; empty if the field is absent. */
    Optional<String> text(String field) {
        return valueOf(field).flatMap(value -> {
            if (value instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL)) {
                return Optional.of(scalar.getValue());
            }
            problem(value, pathOf(field), "expected a value, found " + kindOf(value));
            return Optional.empty();
        });
    }

    /** A text turned into something; where that throws, its message becomes the problem. */
    <T> Optional<T> parsed(String field, Function<String, T> parser) {
        return text(field).flatMap(text -> {
            try {
                return Optional.of(parser.apply(text));
            } catch (IllegalArgumentException e) {
                note(field, String.valueOf(e.getMessage()));
                return Optional.empty();
            }
        });
    }

    /** As {@link #parsed}, of a field that must be there. */
    <T> Optional<T> requiredParsed(String field, Function<String, T> parser) {
        if (valueOf(field).isEmpty()) {
            return required(field).map(parser);
        }
        return parsed(field, parser);
    }

    /** A length of time in seconds. */
    Optional<Long> seconds(String field) {
        return parsed(field, text -> Lengths.parse(text).toSeconds());
    }

    /** One of the words of an enum, in lower case and with dashes. */
    <E extends Enum<E>> Optional<E> word(String field, List<E> allowed) {
        return parsed(
                field,
                text -> allowed.stream()
                        .filter(value -> wordOf(value).equals(text))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("'%s' is unknown; expected one of %s"
                                .formatted(
                                        text,
                                        allowed.stream().map(PolicyNode::wordOf).toList()))));
    }

    /** Nested fields; empty if absent. */
    Optional<PolicyNode> child(String field) {
        return valueOf(field).map(value -> new PolicyNode(value, pathOf(field), problems));
    }

    /** A list of nested fields; empty if absent. */
    List<PolicyNode> children(String field) {
        List<PolicyNode> children = new ArrayList<>();
        valueOf(field).ifPresent(value -> {
            if (value instanceof SequenceNode sequence) {
                for (Node element : sequence.getValue()) {
                    children.add(new PolicyNode(element, "%s[%d]".formatted(pathOf(field), children.size()), problems));
                }
            } else {
                problem(value, pathOf(field), "expected a list, found " + kindOf(value));
            }
        });
        return children;
    }

    /** Notes a problem at a field, or at this mapping if the field is absent. */
    void note(String field, String message) {
        problem(tuple(field).map(NodeTuple::getValueNode).orElse(node), pathOf(field), message);
    }

    /** Notes every field that nothing asked for: a misspelt one must not be passed over in silence. */
    void refuseOthers() {
        if (!(node instanceof MappingNode mapping)) {
            return;
        }
        Set<String> seen = new TreeSet<>();
        for (NodeTuple tuple : mapping.getValue()) {
            String name = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
            if (!known.contains(name)) {
                problem(tuple.getKeyNode(), pathOf(name), "unknown field; expected one of " + known);
            } else if (!seen.add(name)) {
                problem(tuple.getKeyNode(), pathOf(name), "the field is given twice");
            }
        }
    }

    static String wordOf(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private Optional<Node> valueOf(String field) {
        known.add(field);
        return tuple(field)
                .map(NodeTuple::getValueNode)
                .filter(value -> !value.getTag().equals(Tag.NULL));
    }

    private Optional<NodeTuple> tuple(String field) {
        if (!(node instanceof MappingNode mapping)) {
            return Optional.empty();
        }
        return mapping.getValue().stream()
                .filter(tuple -> tuple.getKeyNode() instanceof ScalarNode key
                        && key.getValue().equals(field))
                .findFirst();
    }

    private String pathOf(String field) {
        return path.isEmpty() ? field : path + "." + field;
    }

    private void problem(Node at, String field, String message) {
        problems.add(new PolicyProblem(
                at.getStartMark().getLine() + 1, at.getStartMark().getColumn() + 1, field, message));
    }

    private static String kindOf(Node node) {
        return switch (node) {
            case SequenceNode sequence -> "a list of " + sequence.getValue().size();
            case MappingNode mapping -> mapping.getValue().size() + " nested fields";
            case ScalarNode scalar when scalar.getTag().equals(Tag.NULL) -> "nothing";
            case ScalarNode scalar -> "'%s'".formatted(scalar.getValue());
            default -> "something else";
        };
    }
}
