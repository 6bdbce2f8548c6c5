package dev.holdfast.cli.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object with forgiving access: a service of another version may leave a member out or add one.
 *
 * @param members its members, in order
 */
public record Doc(Map<String, @Nullable Object> members) {

    /** Nothing. */
    public static Doc empty() {
        return new Doc(new LinkedHashMap<>());
    }

    /** The object that a JSON value is; empty for any other value. */
    public static Doc of(@Nullable Object value) {
        Doc doc = empty();
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, member) -> doc.members.put(String.valueOf(name), member));
        }
        return doc;
    }

    /** Adds or replaces a member, and returns this. */
    public Doc with(String name, @Nullable Object value) {
        members.put(name, value instanceof Doc doc ? doc.members : value);
        return this;
    }

    /** The member at a path such as {@code proof.verdict}; empty if any part of it is absent or null. */
    public Optional<Object> at(String path) {
        Object value = members;
        for (String name : path.split("\\.", -1)) {
            value = value instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return Optional.ofNullable(value);
    }

    /** The member as text; empty if it is absent or null. */
    public Optional<String> text(String path) {
        return at(path).map(Object::toString);
    }

    /** The member as text, or {@code -} for a table's cell. */
    public String cell(String path) {
        return text(path).filter(text -> !text.isEmpty()).orElse("-");
    }

    /** The member as a number; empty if it is none. */
    public Optional<Number> number(String path) {
        return at(path).filter(Number.class::isInstance).map(Number.class::cast);
    }

    /** True only if the member is {@code true}. */
    public boolean isTrue(String path) {
        return at(path).filter(Boolean.TRUE::equals).isPresent();
    }

    /** True only if the member is {@code false}: unknown is not false. */
    public boolean isFalse(String path) {
        return at(path).filter(Boolean.FALSE::equals).isPresent();
    }

    /** The member as an object; empty if it is none. */
    public Doc doc(String path) {
        return of(at(path).orElse(null));
    }

    /** The objects of the array at the path; none if there is no array. */
    public List<Doc> docs(String path) {
        List<Doc> docs = new ArrayList<>();
        if (at(path).orElse(null) instanceof List<?> list) {
            list.forEach(item -> docs.add(of(item)));
        }
        return docs;
    }
}
