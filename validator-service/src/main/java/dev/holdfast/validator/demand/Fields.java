package dev.holdfast.validator.demand;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * The fields of one YAML mapping.
 *
 * @param owner the mapping
 * @param values each field's node, by name
 */
record Fields(Node owner, Map<String, Node> values) {

    /** Those of a mapping that may have these fields and no others. */
    static Fields of(Node node, String what, Set<String> known) throws BadDemandException {
        if (!(node instanceof MappingNode mapping)) {
            throw BadDemandException.at(node, "%s must have fields: %s".formatted(what, String.join(", ", known)));
        }
        Map<String, Node> values = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            String name = tuple.getKeyNode() instanceof ScalarNode key ? key.getValue() : "?";
            if (!known.contains(name)) {
                throw BadDemandException.at(
                        tuple.getKeyNode(),
                        "%s has no field '%s'; expected one of %s".formatted(what, name, String.join(", ", known)));
            }
            if (values.put(name, tuple.getValueNode()) != null) {
                throw BadDemandException.at(tuple.getKeyNode(), "field '%s' is there twice".formatted(name));
            }
        }
        return new Fields(node, values);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** The node of a field that is there. */
    Node node(String name) {
        return values.getOrDefault(name, owner);
    }

    /** A field's text; empty if the field is not there. */
    Optional<String> text(String name) throws BadDemandException {
        Node node = values.get(name);
        if (node == null) {
            return Optional.empty();
        }
        if (!(node instanceof ScalarNode scalar)
                || scalar.getTag().equals(Tag.NULL)
                || scalar.getValue().isBlank()) {
            throw BadDemandException.at(node, "field '%s' must have a value".formatted(name));
        }
        return Optional.of(scalar.getValue().strip());
    }

    String required(String name, String example) throws BadDemandException {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            throw BadDemandException.at(owner, "field '%s' is missing; expected %s".formatted(name, example));
        }
        return text.get();
    }

    /** A list's elements; none if the field is not there. */
    List<Node> list(String name) throws BadDemandException {
        Node node = values.get(name);
        if (node == null) {
            return List.of();
        }
        if (!(node instanceof SequenceNode sequence)) {
            throw BadDemandException.at(node, "field '%s' must be a list".formatted(name));
        }
        return sequence.getValue();
    }
}
