package dev.holdfast.catalog.web;

import dev.holdfast.catalog.answers.BadQuestionException;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.transaction.TransactionException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.servlet.ModelAndView;

/** The same errors as a page that says what is wrong and goes on by itself once it is over. */
@ControllerAdvice(assignableTypes = {Pages.class, RecordPages.class, Asking.class})
@Order(Ordered.HIGHEST_PRECEDENCE)
class PageProblems {

    private static final Logger LOGGER = LoggerFactory.getLogger(PageProblems.class);

    private static final String NO_SENSE = "That address does not make sense";

    private final Words words;
    private final String htmx;

    PageProblems(Clock clock, @Value("${catalog.htmx}") String htmx) {
        this.words = new Words(clock);
        this.htmx = htmx;
    }

    @ExceptionHandler
    ModelAndView notFound(NotFoundException e) {
        return page(HttpStatus.NOT_FOUND, "Not in the catalog", e.getMessage());
    }

    @ExceptionHandler({BadQuestionException.class, TypeMismatchException.class})
    ModelAndView badQuestion(Exception e) {
        return page(HttpStatus.BAD_REQUEST, NO_SENSE, e.getMessage());
    }

    @ExceptionHandler({DataAccessException.class, TransactionException.class})
    ModelAndView databaseAway(Exception e, HttpServletResponse response) {
        LOGGER.warn(
                "the catalog's database gave no answer error={}",
                NestedExceptionUtils.getMostSpecificCause(e).getMessage());
        response.setHeader(HttpHeaders.RETRY_AFTER, "5");
        return page(
                HttpStatus.SERVICE_UNAVAILABLE,
                "The catalog cannot answer now",
                "Its database does not answer, or is being set up. That says nothing about your backups: they run on without the catalog. This page goes on by itself.");
    }

    @ExceptionHandler(Exception.class)
    ModelAndView unforeseen(Exception e) {
        if (e instanceof ErrorResponse known && known.getStatusCode().is4xxClientError()) {
            return page(known.getStatusCode(), NO_SENSE, known.getBody().getDetail());
        }
        LOGGER.error("a page could not be made; please report it", e);
        return page(
                HttpStatus.INTERNAL_SERVER_ERROR,
                "The catalog failed",
                "This page cannot be made; the service's log says why. That says nothing about your backups: they run on without the catalog. Other pages may work; please report this one.");
    }

    /** Nothing answers at the address. */
    ModelAndView nothingHere() {
        return page(
                HttpStatus.NOT_FOUND,
                "Nothing here",
                "No page has this address. If a link led here, please report it; else find what you look for from one of the pages above.");
    }

    private ModelAndView page(HttpStatusCode status, String title, @Nullable String detail) {
        ModelAndView page = new ModelAndView("problem", status);
        page.addObject("title", title);
        page.addObject("detail", detail);
        page.addObject("words", words);
        page.addObject("htmx", htmx);
        return page;
    }
}
