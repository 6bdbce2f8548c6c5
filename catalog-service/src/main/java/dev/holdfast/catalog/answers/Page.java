package dev.holdfast.catalog.answers;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list.
 *
 * @param items what it holds, in the list's order
 * @param next where the next page begins; null if this is the last
 * @param asOf what it reflects
 */
public record Page<T>(List<T> items, @Nullable String next, AsOf asOf) {

    /** Copies the items. */
    public Page {
        items = List.copyOf(items);
    }
}
