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
import dev.holdfast.catalog.answers.RestorePoint;
import dev.holdfast.catalog.answers.RestoreTest;
import dev.holdfast.catalog.answers.Slot;
import dev.holdfast.catalog.answers.SlotDay;
import dev.holdfast.catalog.answers.Stanza;
import dev.holdfast.catalog.answers.StoryLine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** The catalog as people see it. Every page is whole without JavaScript; with it, it renews itself. */
@Controller
class Pages {

    private static final int RECENT = 8;
    private static final int LIST = 50;

    private static final int ON_THE_TIMELINE = 300;
    private static final String LONGEST_TIMELINE = "35";
    private static final Duration RECENTLY = Duration.ofDays(1);

    private final Catalog catalog;
    private final Planner planner;
    private final Clock clock;
    private final Words words;

    Pages(Catalog catalog, Planner planner, Clock clock) {
        this.catalog = catalog;
        this.planner = planner;
        this.clock = clock;
        this.words = new Words(clock);
    }

    /**
     * A stanza and what there is to worry about.
     *
     * @param stanza the stanza
     * @param health the judgement
     */
    record Judged(Stanza stanza, Health health) {}

    @GetMapping("/")
    String overview(@RequestParam(required = false) @Nullable String withoutValidBackupFor, Model model) {
        PageWish all = PageWish.first(PageWish.LARGEST);
        Duration length = withoutValidBackupFor == null || withoutValidBackupFor.isEmpty()
                ? null
                : Names.length("withoutValidBackupFor", withoutValidBackupFor);
        Page<Stanza> stanzas = length == null
                ? catalog.stanzas(all)
                : catalog.stanzasWithoutValidBackup(clock.instant().minus(length), all);
        model.addAttribute("without", length);
        List<Judged> judged = stanzas.items().stream()
                .map(this::judged)
                .sorted(Comparator.comparing(one -> one.health().level()))
                .toList();
        model.addAttribute("stanzas", judged);
        model.addAttribute("troubled", count(judged, Health.Level.TROUBLE));
        model.addAttribute("doubtful", count(judged, Health.Level.ATTENTION));
        model.addAttribute("strays", length == null ? strays(judged) : List.of());
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
    String stanza(@PathVariable String stanza, @RequestParam(defaultValue = LONGEST_TIMELINE) int days, Model model) {
        Answer<Stanza> answer = catalog.stanza(Names.stanza(stanza)).orElseThrow(() -> CatalogApi.unknown(stanza));
        Page<Backup> backups = catalog.backups(BackupFilter.ofStanza(stanza), PageWish.first(ON_THE_TIMELINE));
        Page<RestoreTest> tests = catalog.restoreTests(stanza, null, null, PageWish.first(ON_THE_TIMELINE));
        model.addAttribute("one", judged(answer.item()));
        Timeline timeline = drawn(answer.item(), backups.items(), tests.items(), days, null);
        model.addAttribute("timeline", timeline);
        model.addAttribute(
                "charts",
                timeline == null ? List.of() : charts(timeline.axis(), answer.item(), backups.items(), tests.items()));
        model.addAttribute(
                "exposure", planner.exposure(stanza).map(Answer::item).orElse(null));
        model.addAttribute("backups", recent(backups));
        model.addAttribute("tests", recent(tests));
        model.addAttribute("requests", catalog.requests(stanza, null, PageWish.first(RECENT)));
        model.addAttribute("slots", catalog.slots(stanza, null, null, null, PageWish.first(RECENT)));
        return shown(model, "stanza", answer.asOf());
    }

    private @Nullable Timeline drawn(
            Stanza stanza, List<Backup> backups, List<RestoreTest> tests, int days, @Nullable Instant asked) {
        if (!Timeline.DAYS.contains(days)) {
            throw new BadQuestionException("days is %d; expected one of %s".formatted(days, Timeline.DAYS));
        }
        List<RestorePoint> points = catalog.restorePoints(stanza.stanza(), ON_THE_TIMELINE);
        return Timeline.of(new Timeline.Subject(stanza, backups, tests, points), days, asked, clock.instant(), words)
                .orElse(null);
    }

    private List<Chart> charts(Axis axis, Stanza stanza, List<Backup> backups, List<RestoreTest> tests) {
        return Stream.of(
                        Chart.restoreTime(axis, stanza, tests, words),
                        Chart.databaseSize(axis, backups, words),
                        Chart.addedToRepository(axis, backups, words))
                .flatMap(Optional::stream)
                .toList();
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
        model.addAttribute("timeline", drawnFor(stanza, instant));
        return shown(model, "restore", plan.asOf());
    }

    private @Nullable Timeline drawnFor(String stanza, Instant asked) {
        Stanza known = catalog.stanza(stanza)
                .orElseThrow(() -> CatalogApi.unknown(stanza))
                .item();
        return drawn(
                known,
                catalog.backups(BackupFilter.ofStanza(stanza), PageWish.first(ON_THE_TIMELINE))
                        .items(),
                catalog.restoreTests(stanza, null, null, PageWish.first(ON_THE_TIMELINE))
                        .items(),
                Integer.parseInt(LONGEST_TIMELINE),
                asked);
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
            @RequestParam(required = false) @Nullable LocalDate day,
            @RequestParam(required = false) @Nullable String cursor,
            Model model) {
        String name = Names.stanzaOrAll(stanza);
        String word = Names.word("outcome", outcome, CatalogApi.SLOT_OUTCOMES);
        Page<Slot> page = catalog.slots(
                name,
                word,
                day == null ? null : day.atStartOfDay(ZoneOffset.UTC).toInstant(),
                day == null
                        ? null
                        : day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant(),
                new PageWish(LIST, cursor));
        model.addAttribute("day", day);
        model.addAttribute("slots", page);
        filtered(model, name, word, CatalogApi.SLOT_OUTCOMES);
        return shown(model, "slots", page.asOf());
    }

    /** A month of slots at a glance. */
    @GetMapping("/calendar")
    String calendar(
            @RequestParam(required = false) @Nullable String stanza,
            @RequestParam(required = false) @Nullable YearMonth month,
            Model model) {
        String name = Names.stanzaOrAll(stanza);
        YearMonth shown = month == null ? YearMonth.from(clock.instant().atZone(ZoneOffset.UTC)) : month;
        Page<SlotDay> slots = catalog.slotDays(name, begin(shown), begin(shown.plusMonths(1)));
        model.addAttribute("calendar", SlotCalendar.of(shown, slots.items()));
        filtered(model, name, null, List.of());
        return shown(model, "calendar", slots.asOf());
    }

    private static Instant begin(YearMonth month) {
        return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    @GetMapping("/restore-tests")
    String restoreTests(
            @RequestParam(required = false) @Nullable String stanza,
            @RequestParam(required = false) @Nullable String verdict,
            @RequestParam(required = false) @Nullable String cursor,
            Model model) {
        String name = Names.stanzaOrAll(stanza);
        String word = Names.word("verdict", verdict, CatalogApi.VERDICTS);
        Page<RestoreTest> page = catalog.restoreTests(name, null, word, new PageWish(LIST, cursor));
        model.addAttribute("tests", page);
        filtered(model, name, word, CatalogApi.VERDICTS);
        return shown(model, "restore-tests", page.asOf());
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
        model.addAttribute(
                "trace",
                request.item().story().stream()
                        .map(StoryLine::traceparent)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null));
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
