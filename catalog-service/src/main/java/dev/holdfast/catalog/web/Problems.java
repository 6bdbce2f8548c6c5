package dev.holdfast.catalog.web;

import dev.holdfast.catalog.answers.BadQuestionException;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Every error of the API as a problem of RFC 9457 with a type that stays. None shows what is inside. */
@RestControllerAdvice
class Problems extends ResponseEntityExceptionHandler {

    private static final Logger LOGGER = LoggerFactory.getLogger(Problems.class);
    private static final String TYPES = "urn:holdfast:problem:";
    private static final String RETRY_SECONDS = "5";

    @ExceptionHandler
    ResponseEntity<Object> notFound(NotFoundException e, WebRequest request) {
        return answer(HttpStatus.NOT_FOUND, "not-found", "Not in the catalog", e.getMessage(), request);
    }

    @ExceptionHandler
    ResponseEntity<Object> badQuestion(BadQuestionException e, WebRequest request) {
        return answer(HttpStatus.BAD_REQUEST, "bad-question", "Cannot be answered as asked", e.getMessage(), request);
    }

    @ExceptionHandler
    ResponseEntity<Object> busy(BusyException e, WebRequest request) {
        return answer(HttpStatus.SERVICE_UNAVAILABLE, "busy", "Too much at once", e.getMessage(), request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleTypeMismatch(
            org.springframework.beans.TypeMismatchException e,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        String name =
                e instanceof MethodArgumentTypeMismatchException argument ? argument.getName() : e.getPropertyName();
        Class<?> wanted = e.getRequiredType();
        return answer(
                HttpStatus.BAD_REQUEST,
                "bad-question",
                "Cannot be answered as asked",
                "%s is '%s'; expected %s"
                        .formatted(name, e.getValue(), wanted == null ? "another form" : words(wanted)),
                request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleNoResourceFoundException(
            NoResourceFoundException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return answer(
                HttpStatus.NOT_FOUND,
                "not-found",
                "Nothing here",
                "nothing answers at /%s; /v3/api-docs lists what does".formatted(e.getResourcePath()),
                request);
    }

    private static String words(Class<?> type) {
        return switch (type.getSimpleName()) {
            case "Instant" -> "an instant such as 2026-11-22T14:30:00Z or 2026-11-22T15:30:00+01:00";
            case "UUID" -> "a UUID";
            case "int", "Integer", "long", "Long" -> "a whole number";
            case "boolean", "Boolean" -> "true or false";
            default -> type.getSimpleName();
        };
    }

    /** An empty list would say that there are no backups; this says that nobody knows. */
    @ExceptionHandler({DataAccessException.class, TransactionException.class})
    ResponseEntity<Object> databaseAway(Exception e, WebRequest request) {
        LOGGER.warn(
                "the catalog's database gave no answer error={}",
                NestedExceptionUtils.getMostSpecificCause(e).getMessage());
        String detail = e instanceof QueryTimeoutException
                ? "the database took too long; ask for less, or try again"
                : "the catalog's database does not answer, or is being set up; nothing is known at present, try again";
        return answer(
                HttpStatus.SERVICE_UNAVAILABLE, "database-away", "The catalog cannot answer now", detail, request);
    }

    @ExceptionHandler(Exception.class)
    ResponseEntity<Object> unforeseen(Exception e, WebRequest request) {
        LOGGER.error("a question could not be answered; please report it", e);
        return answer(
                HttpStatus.INTERNAL_SERVER_ERROR,
                "unforeseen",
                "The catalog failed",
                "the catalog failed; its log says more",
                request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception e, @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        ProblemDetail problem = body instanceof ProblemDetail detail ? detail : ProblemDetail.forStatus(status);
        if (problem.getType() == null || problem.getType().toString().equals("about:blank")) {
            problem.setType(URI.create(TYPES + (status.is4xxClientError() ? "bad-request" : "unforeseen")));
        }
        return super.handleExceptionInternal(e, problem, headers, status, request);
    }

    private static ResponseEntity<Object> answer(
            HttpStatus status, String type, String title, @Nullable String detail, WebRequest request) {
        ProblemDetail problem = ProblemDetail.forStatus(status);
        problem.setType(URI.create(TYPES + type));
        problem.setTitle(title);
        problem.setDetail(detail);
        if (request instanceof ServletWebRequest http) {
            problem.setInstance(URI.create(http.getRequest().getRequestURI()));
        }
        ResponseEntity.BodyBuilder answer = ResponseEntity.status(status).header(HttpHeaders.CACHE_CONTROL, "no-store");
        if (status == HttpStatus.SERVICE_UNAVAILABLE) {
            answer.header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
        }
        return answer.body(problem);
    }
}
