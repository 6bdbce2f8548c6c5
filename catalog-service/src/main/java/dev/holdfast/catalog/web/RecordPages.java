package dev.holdfast.catalog.web;

import dev.holdfast.catalog.answers.Answer;
import dev.holdfast.catalog.answers.Audit;
import dev.holdfast.catalog.answers.Catalog;
import dev.holdfast.catalog.answers.Expiry;
import dev.holdfast.catalog.answers.ExpiryForecast;
import dev.holdfast.catalog.answers.Missing;
import dev.holdfast.catalog.answers.PageWish;
import dev.holdfast.catalog.answers.Stanza;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** What the record as a whole says, as people see it. */
@Controller
class RecordPages {

    private static final int MONTH = 30;

    private final Catalog catalog;
    private final Clock clock;

    RecordPages(Catalog catalog, Clock clock) {
        this.catalog = catalog;
        this.clock = clock;
    }

    @GetMapping("/missing")
    String missing(@RequestParam(required = false) @Nullable String stanza, Model model) {
        String name = Names.stanzaOrAll(stanza);
        Answer<Missing> answer = catalog.missing(name);
        model.addAttribute("missing", answer.item());
        stanzas(model, name);
        model.addAttribute("asOf", answer.asOf());
        return "missing";
    }

    /** From the first day to the last, both whole, UTC. */
    @GetMapping("/audit")
    String audit(
            @RequestParam(required = false) @Nullable String stanza,
            @RequestParam(required = false) @Nullable LocalDate from,
            @RequestParam(required = false) @Nullable LocalDate to,
            Model model) {
        String name = Names.stanzaOrAll(stanza);
        LocalDate last = to == null ? clock.instant().atZone(ZoneOffset.UTC).toLocalDate() : to;
        LocalDate first = from == null ? last.minusDays(MONTH) : from;
        Instant begin = begin(first);
        Instant end = begin(last.plusDays(1));
        RecordApi.refuseBadPeriod(begin, end);
        Answer<Audit> answer = catalog.audit(name, begin, end);
        model.addAttribute("audit", answer.item());
        model.addAttribute("first", first);
        model.addAttribute("last", last);
        stanzas(model, name);
        model.addAttribute("asOf", answer.asOf());
        return "audit";
    }

    private static Instant begin(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    @GetMapping("/stanzas/{stanza}/expiry")
    String expiry(@PathVariable String stanza, Model model) {
        Answer<Expiry> answer =
                new ExpiryForecast(catalog).of(Names.stanza(stanza)).orElseThrow(() -> CatalogApi.unknown(stanza));
        model.addAttribute("expiry", answer.item());
        model.addAttribute("asOf", answer.asOf());
        return "expiry";
    }

    private void stanzas(Model model, @Nullable String chosen) {
        model.addAttribute("chosenStanza", chosen);
        model.addAttribute(
                "names",
                catalog.stanzas(PageWish.first(PageWish.LARGEST)).items().stream()
                        .map(Stanza::stanza)
                        .toList());
    }
}
