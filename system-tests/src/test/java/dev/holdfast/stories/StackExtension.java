package dev.holdfast.stories;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Hands the one {@link Stack} of this run to every story that asks for it, and ends it after the last one. */
final class StackExtension implements ParameterResolver {

    private static final ExtensionContext.Namespace STORIES = ExtensionContext.Namespace.create(StackExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Stack.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        // JUnit closes what is closeable in a store; the root's lives as long as the run
        return context.getRoot().getStore(STORIES).computeIfAbsent(Stack.class, any -> new Stack(), Stack.class);
    }
}
