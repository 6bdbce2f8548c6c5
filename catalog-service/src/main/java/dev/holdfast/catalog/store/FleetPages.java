package dev.holdfast.catalog.store;

import dev.holdfast.catalog.answers.AsOf;
import dev.holdfast.catalog.answers.Page;
import dev.holdfast.catalog.answers.PageWish;
import dev.holdfast.catalog.answers.Stanza;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The pages of stanzas that were asked for last. A projection at one position of the log has one content, so what was put together once is right until the
 * position moves; then only the stanzas that the events in between are about are looked at again. Of a page only the items are kept; how far the projection
 * is, is read for each answer.
 */
final class FleetPages {

    /** Two thousand stanzas, a few megabytes. A larger fleet's further pages are put together each time. */
    private static final int MOST = 4;

    private final Map<PageWish, Kept> pages = new LinkedHashMap<>();

    /**
     * What the content of a projection follows from, as an asking transaction sees it.
     *
     * @param projection names it: changes with a rebuild, and with what a crash of the database has taken back
     * @param generation changes with a rebuild
     * @param position records read of each topic
     * @param lastEvent the number of the newest event; null where there is none, or where finding it would take long because the projection has not caught up
     */
    record Moment(
            String projection,
            String generation,
            Map<String, Long> position,
            @Nullable Long lastEvent) {

        /** The number after which what has changed since the other moment lies; empty if that cannot be told by events. */
        Optional<Long> since(Moment before) {
            return Optional.ofNullable(before.lastEvent)
                    .filter(event -> generation.equals(before.generation) && lastEvent != null && lastEvent >= event);
        }
    }

    /** A page, and what it was made of. */
    private record Kept(Moment moment, Page<Stanza> page) {}

    /** What an asking transaction can look up of one page. */
    interface Fleet {

        /** The page as a whole. */
        Page<Stanza> page();

        /** Whom the events after this one are about; empty where they are too many, or leave that open. */
        Optional<StanzaChanges.Changed> changedAfter(long event);

        /**
         * Those of the names that the page has, or would have were it put together now.
         *
         * @param names at least one
         * @param last the last name of the page; null if it is the last page
         */
        List<Stanza> among(Collection<String> names, @Nullable String last);
    }

    /**
     * The page as it is now.
     *
     * @param now what the asking transaction sees
     */
    Page<Stanza> page(PageWish wish, Moment now, AsOf asOf, Fleet fleet) {
        Page<Stanza> page = kept(wish)
                .flatMap(kept -> kept.moment().equals(now) ? Optional.of(kept.page()) : renewed(kept, now, fleet))
                .orElseGet(fleet::page);
        keep(wish, new Kept(now, page));
        return new Page<>(page.items(), page.next(), asOf);
    }

    private static Optional<Page<Stanza>> renewed(Kept kept, Moment now, Fleet fleet) {
        return now.since(kept.moment())
                .flatMap(fleet::changedAfter)
                .flatMap(changed -> renewed(kept.page(), changed, fleet));
    }

    /** The page with what changed of it; empty if a stanza has come to it, for then another has to leave. */
    private static Optional<Page<Stanza>> renewed(Page<Stanza> page, StanzaChanges.Changed changed, Fleet fleet) {
        Set<String> names = new TreeSet<>(changed.stanzas());
        page.items().stream()
                .filter(stanza -> stanza.servedBy().stream().anyMatch(changed::announced))
                .forEach(stanza -> names.add(stanza.stanza()));
        if (names.isEmpty()) {
            return Optional.of(page);
        }
        Map<String, Stanza> anew = new HashMap<>();
        fleet.among(names, page.next()).forEach(stanza -> anew.put(stanza.stanza(), stanza));
        List<Stanza> items = new ArrayList<>(page.items().size());
        for (Stanza before : page.items()) {
            Stanza after = anew.remove(before.stanza());
            items.add(after == null ? before : after);
        }
        return anew.isEmpty() ? Optional.of(new Page<>(items, page.next(), page.asOf())) : Optional.empty();
    }

    private synchronized Optional<Kept> kept(PageWish wish) {
        return Optional.ofNullable(pages.get(wish));
    }

    private synchronized void keep(PageWish wish, Kept kept) {
        pages.remove(wish);
        pages.put(wish, kept);
        if (pages.size() > MOST) {
            pages.remove(pages.keySet().iterator().next());
        }
    }
}
