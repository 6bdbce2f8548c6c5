package dev.holdfast.catalog.web;

import java.time.Clock;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** What every page needs. */
@ControllerAdvice(assignableTypes = {Pages.class, RecordPages.class, Asking.class})
class PageModel {

    private final Clock clock;
    private final Words words;
    private final String htmx;

    PageModel(Clock clock, @Value("${catalog.htmx}") String htmx) {
        this.clock = clock;
        this.words = new Words(clock);
        this.htmx = htmx;
    }

    @ModelAttribute
    void common(Model model) {
        model.addAttribute("words", words);
        model.addAttribute("htmx", htmx);
        model.addAttribute("now", clock.instant());
    }
}
