package dev.holdfast.testsupport.reference;

import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** An environment that remembers which variables were asked for. */
public final class AskedVariables extends AbstractMap<String, String> {

    private final Map<String, String> values;
    private final Set<String> asked = new TreeSet<>();

    /** @param values what it holds */
    public AskedVariables(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    /** The names that were looked up so far. */
    public Set<String> names() {
        return Set.copyOf(asked);
    }

    @Override
    public @Nullable String get(Object name) {
        asked.add((String) name);
        return values.get(name);
    }

    @Override
    public String getOrDefault(Object name, String otherwise) {
        asked.add((String) name);
        return values.getOrDefault(name, otherwise);
    }

    @Override
    public Set<Entry<String, String>> entrySet() {
        return values.entrySet();
    }
}
