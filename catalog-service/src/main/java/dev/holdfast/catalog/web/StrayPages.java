package dev.holdfast.catalog.web;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** An address that nothing answers at: a page for people, a problem for programs. */
@ControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class StrayPages {

    private final PageProblems pages;
    private final Problems problems;

    StrayPages(PageProblems pages, Problems problems) {
        this.pages = pages;
        this.problems = problems;
    }

    /** A view or the problem's answer. */
    @ExceptionHandler
    @Nullable
    Object nothingHere(NoResourceFoundException e, HttpServletRequest request, WebRequest asked) throws Exception {
        String accepted = request.getHeader(HttpHeaders.ACCEPT);
        return accepted != null && accepted.contains(MediaType.TEXT_HTML_VALUE)
                ? pages.nothingHere()
                : problems.handleException(e, asked);
    }
}
