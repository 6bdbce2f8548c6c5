package dev.holdfast.catalog.web;

import dev.holdfast.catalog.answers.Answer;
import dev.holdfast.catalog.answers.BadQuestionException;
import dev.holdfast.catalog.answers.Catalog;
import dev.holdfast.catalog.answers.Request;
import dev.holdfast.catalog.asking.Asker;
import dev.holdfast.catalog.asking.NotTakenException;
import dev.holdfast.catalog.asking.RequestLog;
import dev.holdfast.catalog.asking.Wish;
import dev.holdfast.schemas.Ids;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** Back up now, prove now: a form that says what will happen, then a page that follows the request to its end. */
@Controller
class Asking {

    private static final Logger LOGGER = LoggerFactory.getLogger(Asking.class);
    private static final int LONGEST_REASON = 1_000;

    private final Catalog catalog;
    private final RequestLog requests;
    private final Words words;
    private final String htmx;

    Asking(Catalog catalog, RequestLog requests, Clock clock, @Value("${catalog.htmx}") String htmx) {
        this.catalog = catalog;
        this.requests = requests;
        this.words = new Words(clock);
        this.htmx = htmx;
    }

    /** What will happen, before it does. The form's number makes a second press the same request. */
    @GetMapping("/stanzas/{stanza}/back-up")
    String backupForm(@PathVariable String stanza, Model model) {
        model.addAttribute("stanza", known(stanza));
        model.addAttribute("form", UUID.randomUUID());
        return "back-up";
    }

    @PostMapping("/stanzas/{stanza}/back-up")
    ResponseEntity<Void> backUp(
            @PathVariable String stanza,
            @RequestParam UUID form,
            @RequestParam String type,
            @RequestParam(defaultValue = "false") boolean prove,
            @RequestParam(defaultValue = "") String reason,
            Authentication who) {
        Wish wish = new Wish.Backup(known(stanza), word(Wish.Kind.class, "type", type), prove, reason(reason));
        return asked(form, wish, who, prove);
    }

    /** As above, for a proof of the newest backup or of one that is named. */
    @GetMapping("/stanzas/{stanza}/prove")
    String proofForm(
            @PathVariable String stanza,
            @RequestParam(required = false) @Nullable String label,
            @RequestParam(required = false) @Nullable Integer repository,
            Model model) {
        model.addAttribute("stanza", known(stanza));
        model.addAttribute("label", Names.labelOrAll(label));
        model.addAttribute("repository", repository);
        model.addAttribute("form", UUID.randomUUID());
        return "prove";
    }

    @PostMapping("/stanzas/{stanza}/prove")
    ResponseEntity<Void> prove(
            @PathVariable String stanza,
            @RequestParam UUID form,
            @RequestParam(required = false) @Nullable String label,
            @RequestParam(required = false) @Nullable Integer repository,
            @RequestParam String aim,
            @RequestParam(defaultValue = "") String reason,
            Authentication who) {
        Wish wish = new Wish.Proof(
                known(stanza), Names.labelOrAll(label), repository, word(Wish.Aim.class, "aim", aim), reason(reason));
        return asked(form, wish, who, true);
    }

    private ResponseEntity<Void> asked(UUID form, Wish wish, Authentication who, boolean proof) {
        Asker asker = Reader.asker(who);
        UUID requestId = Ids.derived("catalog-form", asker.name(), form.toString());
        requests.write(requestId, wish, asker);
        return ResponseEntity.status(HttpStatus.SEE_OTHER)
                .header(HttpHeaders.LOCATION, "/requests/%s/follow?proof=%s".formatted(requestId, proof))
                .build();
    }

    /** Follows a request, also one that the catalog has not read back yet. */
    @GetMapping("/requests/{requestId}/follow")
    String follow(@PathVariable UUID requestId, @RequestParam(defaultValue = "false") boolean proof, Model model) {
        Optional<Answer<Request>> known = catalog.request(requestId);
        Following following = Following.of(requestId, known.map(Answer::item).orElse(null), proof);
        model.addAttribute("following", following);
        model.addAttribute("asOf", known.map(Answer::asOf).orElse(null));
        model.addAttribute("renewed", !following.over());
        return "follow";
    }

    @ExceptionHandler
    ModelAndView notTaken(NotTakenException e) {
        LOGGER.warn("a request was not taken error={}", e.getMessage());
        ModelAndView page = new ModelAndView("problem", HttpStatus.SERVICE_UNAVAILABLE);
        page.addObject("title", "Not asked for");
        page.addObject(
                "detail",
                "The log did not take the request, so nothing was started. Go back and send the form again: should the log have it after all, it stays one request.");
        page.addObject("words", words);
        page.addObject("htmx", htmx);
        return page;
    }

    private String known(String stanza) {
        return catalog.stanza(Names.stanza(stanza))
                .orElseThrow(() -> CatalogApi.unknown(stanza))
                .item()
                .stanza();
    }

    private static <E extends Enum<E>> E word(Class<E> words, String name, String text) {
        try {
            return Enum.valueOf(words, text.toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            throw new BadQuestionException(
                    "%s is '%s'; choose one that the form offers".formatted(name, Names.shortened(text)), e);
        }
    }

    private static String reason(String text) {
        String reason = text.strip();
        if (reason.length() > LONGEST_REASON) {
            throw new BadQuestionException(
                    "the reason has %d characters; expected at most %d".formatted(reason.length(), LONGEST_REASON));
        }
        return reason;
    }
}
