package dev.holdfast.catalog.store;

import dev.holdfast.catalog.answers.AsOf;
import dev.holdfast.catalog.answers.Page;
import dev.holdfast.catalog.answers.PageWish;
import java.util.List;

/**
 * Rows of a list with one more than the page holds, which tells whether there is a next page.
 *
 * @param rows at most the page's limit and one
 */
record Listing<T>(List<Listed<T>> rows) {

    /**
     * A row and its place in the list.
     *
     * @param item the row
     * @param cursor its place
     */
    record Listed<T>(T item, Cursor cursor) {}

    Page<T> page(PageWish wish, AsOf asOf) {
        boolean last = rows.size() <= wish.limit();
        List<Listed<T>> shown = last ? rows : rows.subList(0, wish.limit());
        return new Page<>(
                shown.stream().map(Listed::item).toList(),
                last ? null : shown.getLast().cursor().text(),
                asOf);
    }
}
