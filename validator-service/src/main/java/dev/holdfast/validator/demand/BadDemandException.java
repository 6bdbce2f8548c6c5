package dev.holdfast.validator.demand;

import org.yaml.snakeyaml.nodes.Node;

/** A file that cannot be understood; the message names line and field. */
final class BadDemandException extends Exception {

    private static final long serialVersionUID = 1L;

    private BadDemandException(String message, Throwable cause) {
        super(message, cause);
    }

    private BadDemandException(String message) {
        super(message);
    }

    /** At a place in the file. */
    static BadDemandException at(Node node, String message) {
        return new BadDemandException(
                "line %d: %s".formatted(node.getStartMark().getLine() + 1, message));
    }

    static BadDemandException ofEmptyFile() {
        return new BadDemandException("line 1: the file is empty; expected 'assertions:' and a list");
    }

    /** For what is not even YAML. */
    static BadDemandException because(String message, Throwable cause) {
        return new BadDemandException(message, cause);
    }
}
