package dev.holdfast.catalog.store;

import dev.holdfast.catalog.answers.AsOf;
import dev.holdfast.catalog.answers.Page;
import dev.holdfast.catalog.answers.PageWish;
import dev.holdfast.catalog.answers.Stanza;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The pages of stanzas that were asked for last, for as long as nothing new is projected: a projection at one position of the log has one content, so what
 * was put together once is right until the position moves. Of a page only the items are kept; how far the projection is, is read for each answer.
 */
final class FleetPages {

    /** Two thousand stanzas, a few megabytes. A larger fleet's further pages are put together each time. */
    private static final int MOST = 4;

    private final Map<PageWish, Page<Stanza>> pages = new HashMap<>();
    private Moment moment = new Moment("", Map.of());

    /**
     * What the content of a projection follows from.
     *
     * @param projection names it: changes with a rebuild, and with what a crash of the database has taken back
     * @param position records read of each topic
     */
    record Moment(String projection, Map<String, Long> position) {}

    /**
     * The page as it was put together at this moment, else as it is put together now.
     *
     * @param now what the asking transaction sees
     */
    Page<Stanza> page(PageWish wish, Moment now, AsOf asOf, Supplier<Page<Stanza>> question) {
        return kept(wish, now)
                .map(kept -> new Page<>(kept.items(), kept.next(), asOf))
                .orElseGet(() -> keep(wish, now, question.get()));
    }

    private synchronized Optional<Page<Stanza>> kept(PageWish wish, Moment now) {
        return moment.equals(now) ? Optional.ofNullable(pages.get(wish)) : Optional.empty();
    }

    private synchronized Page<Stanza> keep(PageWish wish, Moment now, Page<Stanza> page) {
        if (!moment.equals(now)) {
            pages.clear();
            moment = now;
        }
        if (pages.size() < MOST) {
            pages.put(wish, page);
        }
        return page;
    }
}
