package dev.holdfast.cli.command;

import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** Lets {@code --wait} stand alone before a stanza: only {@code completed} and {@code proven} are its value. */
final class WaitWord implements IParameterPreprocessor {

    @Override
    @SuppressWarnings("JdkObsolete") // picocli's own type
    public boolean preprocess(Stack<String> arguments, CommandSpec command, ArgSpec option, Map<String, Object> info) {
        boolean attached = !" ".equals(info.get("separator"));
        boolean isValue = !arguments.isEmpty() && arguments.peek().matches("(?i)completed|proven");
        if (!attached && !isValue) {
            arguments.push("completed");
        }
        return false;
    }
}
