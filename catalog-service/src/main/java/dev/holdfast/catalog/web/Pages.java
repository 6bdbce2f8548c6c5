package dev.holdfast.catalog.web;

import dev.holdfast.catalog.answers.Answer;
import dev.holdfast.catalog.answers.AsOf;
import dev.holdfast.catalog.answers.Backup;
import dev.holdfast.catalog.answers.BackupFilter;
import dev.holdfast.catalog.answers.BadQuestionException;
import dev.holdfast.catalog.answers.Catalog;
import dev.holdfast.catalog.answers.Health;
import dev.holdfast.catalog.answers.Page;
import dev.holdfast.catalog.answers.PageWish;
import dev.holdfast.catalog.answers.Planner;
import dev.holdfast.catalog.answers.Recoverability;
import dev.holdfast.catalog.answers.Request;
import dev.holdfast.catalog.answers.RestoreTest;
import dev.holdfast.catalog.answers.Slot;
import dev.holdfast.catalog.answers.Stanza;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** The catalog as people see it. Every page is whole without JavaScript; with it, it renews itself. */
@Controller
class Pages {

    private static final int RECENT = 12;
    private static final int LIST = 50;

    private static final int ON_THE_TIMELINE = 300;
    private static final Duration RECENTLY = Duration.ofDays(1);

    private final Catalog catalog;
    private final Planner planner;
    private final Clock clock;
    private final Words words;
    private final String htmx;

    Pages(Catalog catalog, Planner planner, Clock clock, @Value("${catalog.htmx}") String htmx) {
        this.catalog = catalog;
        this.planner = planner;
        this.clock = clock;
        this.words = new Words(clock);
        this.htmx = htmx;
    }

    /**
     * A stanza and what there is to worry about.
     *
     * @param stanza the stanza
     * @param health the judgement
     */
    record Judged(Stanza stanza, Health health) {}

    @ModelAttribute
    void common(Model model) {
        model.addAttribute("words", words);
        model.addAttribute("htmx", htmx);
        model.addAttribute("now", clock.instant());
    }

    @GetMapping("/")
    String overview(Model model) {
        Page<Stanza> stanzas = catalog.stanzas(PageWish.first(PageWish.LARGEST));
        List<Judged> judged = stanzas.items().stream()
                .map(this::judged)
                .sorted(Comparator.comparing(one -> one.health().level()))
                .toList();
        model.addAttribute("stanzas", judged);
        model.addAttribute("troubled", count(judged, Health.Level.TROUBLE));
        model.addAttribute("doubtful", count(judged, Health.Level.ATTENTION));
        model.addAttribute("strays", strays(judged));
        model.addAttribute("backups", catalog.backups(BackupFilter.ofStanza(null), PageWish.first(RECENT)));
        return shown(model, "overview", stanzas.asOf());
    }

    private Judged judged(Stanza stanza) {
        return new Judged(stanza, Health.of(stanza, clock.instant()));
    }

    private static long count(List<Judged> judged, Health.Level level) {
        return judged.stream().filter(one -> one.health().level() == level).count();
    }

    /** Recent requests for stanzas that nobody knows: no card tells of them. */
    private List<Request> strays(List<Judged> judged) {
        Set<String> known = judged.stream().map(one -> one.stanza().stanza()).collect(Collectors.toSet());
        Instant since = clock.instant().minus(RECENTLY);
        return catalog.requests(null, "UNSERVED", PageWish.first(RECENT)).items().stream()
                .filter(request -> request.stanza() != null && !known.contains(request.stanza()))
                .filter(request ->
                        request.askedAt() != null && request.askedAt().isAfter(since))
                .toList();
    }

    @GetMapping("/stanzas/{stanza}")
    String stanza(@PathVariable String stanza, Model model) {
        Answer<Stanza> answer = catalog.stanza(Names.stanza(stanza)).orElseThrow(() -> CatalogApi.unknown(stanza));
        Page<Backup> backups = catalog.backups(BackupFilter.ofStanza(stanza), PageWish.first(ON_THE_TIMELINE));
        Page<RestoreTest> tests = catalog.restoreTests(stanza, null, null, PageWish.first(ON_THE_TIMELINE));
        model.addAttribute("one", judged(answer.item()));
        model.addAttribute(
                "timeline",
                Timeline.of(answer.item(), backups.items(), tests.items(), clock.instant(), words)
                        .orElse(null));
        model.addAttribute(
                "exposure", planner.exposure(stanza).map(Answer::item).orElse(null));
        model.addAttribute("backups", recent(backups));
        model.addAttribute("tests", recent(tests));
        model.addAttribute("requests", catalog.requests(stanza, null, PageWish.first(RECENT)));
        model.addAttribute("slots", catalog.slots(stanza, null, null, null, PageWish.first(RECENT)));
        return shown(model, "stanza", answer.asOf());
    }

    private static <T> Page<T> recent(Page<T> page) {
        return page.items().size() <= RECENT ? page : new Page<>(page.items().subList(0, RECENT), "more", page.asOf());
    }

    /** Whether it can be restored to an instant, which is read as UTC where it has no offset. */
    @GetMapping("/stanzas/{stanza}/restore")
    String restore(@PathVariable String stanza, @RequestParam(required = false) @Nullable String at, Model model) {
        Instant instant = at == null || at.isBlank() ? clock.instant() : instant(at);
        Answer<Recoverability> plan =
                planner.recoverability(Names.stanza(stanza), instant).orElseThrow(() -> CatalogApi.unknown(stanza));
        model.addAttribute("plan", plan.item());
        return shown(model, "restore", plan.asOf());
    }

    private static Instant instant(String text) {
        try {
            return text.endsWith("Z")
                    ? Instant.parse(text)
                    : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException e) {
            throw new BadQuestionException(
                    "at is '%s'; expected an instant in UTC such as 2026-11-22T14:30:00Z"
                            .formatted(Names.shortened(text)),
                    e);
        }
    }

    @GetMapping("/requests")
    String requests(
            @RequestParam(required = false) @Nullable String stanza,
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(required = false) @Nullable String cursor,
            Model model) {
        String name = Names.stanzaOrAll(stanza);
        String word = Names.word("state", state, CatalogApi.STATES);
        Page<Request> page = catalog.requests(name, word, new PageWish(LIST, cursor));
        model.addAttribute("requests", page);
        filtered(model, name, word, CatalogApi.STATES);
        return shown(model, "requests", page.asOf());
    }

    @GetMapping("/slots")
    String slots(
            @RequestParam(required = false) @Nullable String stanza,
            @RequestParam(required = false) @Nullable String outcome,
            @RequestParam(required = false) @Nullable String cursor,
            Model model) {
        String name = Names.stanzaOrAll(stanza);
        String word = Names.word("outcome", outcome, CatalogApi.SLOT_OUTCOMES);
        Page<Slot> page = catalog.slots(name, word, null, null, new PageWish(LIST, cursor));
        model.addAttribute("slots", page);
        filtered(model, name, word, CatalogApi.SLOT_OUTCOMES);
        return shown(model, "slots", page.asOf());
    }

    /** What a list's filter offers, and what is chosen. */
    private void filtered(Model model, @Nullable String stanza, @Nullable String word, List<String> words) {
        model.addAttribute("chosenStanza", stanza);
        model.addAttribute("chosenWord", word);
        model.addAttribute("choices", words);
        model.addAttribute(
                "names",
                catalog.stanzas(PageWish.first(PageWish.LARGEST)).items().stream()
                        .map(Stanza::stanza)
                        .toList());
    }

    @GetMapping("/backups")
    String backups(
            @RequestParam(required = false) @Nullable String stanza,
            @RequestParam(required = false) @Nullable String outcome,
            @RequestParam(required = false) @Nullable String cursor,
            Model model) {
        BackupFilter filter = new BackupFilter(
                Names.stanzaOrAll(stanza),
                null,
                Names.word("outcome", outcome, CatalogApi.OUTCOMES),
                null,
                null,
                null,
                null);
        Page<Backup> page = catalog.backups(filter, new PageWish(LIST, cursor));
        model.addAttribute("backups", page);
        filtered(model, filter.stanza(), filter.outcome(), CatalogApi.OUTCOMES);
        return shown(model, "backups", page.asOf());
    }

    @GetMapping("/backups/{stanza}/{label}")
    String backup(
            @PathVariable String stanza,
            @PathVariable String label,
            @RequestParam(required = false) @Nullable Integer repository,
            Model model) {
        List<Answer<Backup>> sets = catalog.backup(Names.stanza(stanza), Names.label(label));
        Answer<Backup> set = sets.stream()
                .filter(one ->
                        repository == null || repository.equals(one.item().repository()))
                .findFirst()
                .orElseThrow(
                        () -> new NotFoundException("no backup %s of stanza %s is known".formatted(label, stanza)));
        model.addAttribute("backup", set.item());
        model.addAttribute("story", Telling.of(catalog.storyOfBackup(stanza, label), words));
        model.addAttribute("tests", catalog.restoreTests(stanza, label, null, PageWish.first(RECENT)));
        return shown(model, "backup", set.asOf());
    }

    @GetMapping("/requests/{requestId}")
    String request(@PathVariable UUID requestId, Model model) {
        Answer<Request> request = catalog.request(requestId)
                .orElseThrow(() -> new NotFoundException("nothing is known of a request " + requestId));
        model.addAttribute("request", request.item());
        model.addAttribute("story", Telling.of(request.item().story(), words));
        return shown(model, "request", request.asOf());
    }

    @GetMapping("/restore-tests/{testId}")
    String restoreTest(@PathVariable UUID testId, Model model) {
        Answer<RestoreTest> test = catalog.restoreTest(testId)
                .orElseThrow(() -> new NotFoundException("nothing is known of a restore test " + testId));
        model.addAttribute("test", test.item());
        return shown(model, "restore-test", test.asOf());
    }

    private static String shown(Model model, String page, AsOf asOf) {
        model.addAttribute("asOf", asOf);
        return page;
    }
}
