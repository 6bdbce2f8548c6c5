package dev.holdfast.catalog.web;

import dev.holdfast.catalog.answers.Answer;
import dev.holdfast.catalog.answers.AsOf;
import dev.holdfast.catalog.answers.Backup;
import dev.holdfast.catalog.answers.BackupFilter;
import dev.holdfast.catalog.answers.Catalog;
import dev.holdfast.catalog.answers.Health;
import dev.holdfast.catalog.answers.Page;
import dev.holdfast.catalog.answers.PageWish;
import dev.holdfast.catalog.answers.Request;
import dev.holdfast.catalog.answers.RestoreTest;
import dev.holdfast.catalog.answers.Stanza;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
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

    private final Catalog catalog;
    private final Words words;
    private final String htmx;

    Pages(Catalog catalog, Clock clock, @Value("${catalog.htmx}") String htmx) {
        this.catalog = catalog;
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
    }

    @GetMapping("/")
    String overview(Model model) {
        Page<Stanza> stanzas = catalog.stanzas();
        List<Judged> judged = stanzas.items().stream()
                .map(stanza -> new Judged(stanza, Health.of(stanza)))
                .sorted(Comparator.comparing(one -> one.health().level()))
                .toList();
        model.addAttribute("stanzas", judged);
        model.addAttribute("backups", catalog.backups(BackupFilter.ofStanza(null), PageWish.first(RECENT)));
        return shown(model, "overview", stanzas.asOf());
    }

    @GetMapping("/stanzas/{stanza}")
    String stanza(@PathVariable String stanza, Model model) {
        Answer<Stanza> answer = catalog.stanza(Names.stanza(stanza)).orElseThrow(() -> CatalogApi.unknown(stanza));
        model.addAttribute("one", new Judged(answer.item(), Health.of(answer.item())));
        model.addAttribute("backups", catalog.backups(BackupFilter.ofStanza(stanza), PageWish.first(RECENT)));
        model.addAttribute("tests", catalog.restoreTests(stanza, null, null, PageWish.first(RECENT)));
        model.addAttribute("requests", catalog.requests(stanza, null, PageWish.first(RECENT)));
        return shown(model, "stanza", answer.asOf());
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
        model.addAttribute("filter", filter);
        model.addAttribute("outcomes", CatalogApi.OUTCOMES);
        model.addAttribute(
                "names", catalog.stanzas().items().stream().map(Stanza::stanza).toList());
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
