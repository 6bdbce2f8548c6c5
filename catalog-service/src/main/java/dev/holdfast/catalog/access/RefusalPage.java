package dev.holdfast.catalog.access;

import org.springframework.http.HttpStatus;
import org.springframework.web.util.HtmlUtils;

/**
 * A refusal as people see it: in the look of every other page, with what happened and what to do. It needs nothing of the templates, whose pages are for those
 * who have come in.
 */
final class RefusalPage {

    private RefusalPage() {}

    /**
     * The page.
     *
     * @param detail what happened, a sentence without its full stop
     */
    static String of(HttpStatus status, String detail) {
        return """
                <!DOCTYPE html>
                <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <title>%1$s · Holdfast</title><link rel="icon" href="/icon.svg" type="image/svg+xml"><link rel="stylesheet" href="/catalog.css"></head>
                <body><header class="bar"><a class="brand" href="/"><img src="/icon.svg" alt="" width="26" height="26"> Holdfast</a></header>
                <main><h1>%1$s</h1>
                <p class="notice %2$s">%3$s.</p>
                <p>%4$s</p>
                <p><a href="/">To the stanzas</a></p></main></body></html>
                """.formatted(
                        title(status),
                        status.is5xxServerError() ? "doubt" : "bad",
                        HtmlUtils.htmlEscape(detail),
                        whatToDo(status));
    }

    private static String title(HttpStatus status) {
        return switch (status) {
            case UNAUTHORIZED -> "Nobody knows who you are";
            case FORBIDDEN -> "You may not do that";
            case TOO_MANY_REQUESTS -> "That was too much at once";
            case SERVICE_UNAVAILABLE -> "You cannot be let in now";
            default -> HtmlUtils.htmlEscape(status.getReasonPhrase());
        };
    }

    private static String whatToDo(HttpStatus status) {
        return switch (status) {
            case UNAUTHORIZED ->
                "Log in, or start again at the stanzas. If that does not help, ask whoever runs Holdfast here for access.";
            case FORBIDDEN ->
                "Nothing was changed. If you need this, ask for the role that is named above, then log out and in again.";
            case TOO_MANY_REQUESTS ->
                "Wait a few seconds and load the page again. An open page renews itself; many open at once share one allowance.";
            case SERVICE_UNAVAILABLE -> "Load the page again in a moment. Backups and restore tests run on meanwhile.";
            default -> "Nothing was changed. Go back and try it in another way.";
        };
    }
}
