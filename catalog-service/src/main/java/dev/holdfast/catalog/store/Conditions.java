package dev.holdfast.catalog.store;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The conditions of a query: only those that were asked for, so that each form has an index of its own. */
final class Conditions {

    private final List<String> conditions = new ArrayList<>();
    private final Map<String, Object> parameters = new HashMap<>();

    /** A condition without a parameter. */
    Conditions and(String condition) {
        conditions.add(condition);
        return this;
    }

    /** A condition on a named parameter, left out where the value is null. */
    Conditions and(String condition, String name, @Nullable Object value) {
        if (value != null) {
            conditions.add(condition);
            parameters.put(name, value instanceof Instant instant ? Timestamp.from(instant) : value);
        }
        return this;
    }

    /** What follows the cursor in a list that runs backwards in these two columns. */
    Conditions before(String columns, @Nullable Cursor cursor, String keyCast) {
        if (cursor != null) {
            conditions.add("(%s) < (:cursorAt, :cursorKey%s)".formatted(columns, keyCast));
            parameters.put("cursorAt", Timestamp.from(cursor.at()));
            parameters.put("cursorKey", cursor.key());
        }
        return this;
    }

    String where() {
        return conditions.isEmpty() ? "" : "where " + String.join(" and ", conditions);
    }

    Map<String, Object> parameters() {
        return parameters;
    }
}
