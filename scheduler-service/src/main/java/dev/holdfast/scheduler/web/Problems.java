package dev.holdfast.scheduler.web;

import dev.holdfast.scheduler.policy.InvalidPolicyException;
import java.net.URI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Every error as an RFC 9457 problem with a stable type. Spring's own ones come from the parent. */
@RestControllerAdvice
final class Problems extends ResponseEntityExceptionHandler {

    private static final Logger LOGGER = LoggerFactory.getLogger(Problems.class);

    @ExceptionHandler
    ProblemDetail invalidPolicy(InvalidPolicyException e) {
        ProblemDetail problem = problem(HttpStatus.UNPROCESSABLE_CONTENT, "invalid-policy", "The policy is invalid", e);
        problem.setProperty("errors", e.problems());
        return problem;
    }

    @ExceptionHandler
    ProblemDetail invalidRequest(InvalidRequestException e) {
        ProblemDetail problem = problem(HttpStatus.BAD_REQUEST, "invalid-request", "The request is invalid", e);
        problem.setProperty("errors", e.errors());
        return problem;
    }

    @ExceptionHandler
    ProblemDetail keyReused(KeyReusedException e) {
        return problem(
                HttpStatus.UNPROCESSABLE_CONTENT, "idempotency-key-reused", "The key stands for another request", e);
    }

    @ExceptionHandler
    ProblemDetail policyMoved(PolicyMovedException e) {
        return problem(HttpStatus.PRECONDITION_FAILED, "policy-changed", "The policy has been changed meanwhile", e);
    }

    @ExceptionHandler
    ProblemDetail noSuchPolicy(NoSuchPolicyException e) {
        return problem(HttpStatus.NOT_FOUND, "no-such-policy", "There is no such policy", e);
    }

    @ExceptionHandler
    ProblemDetail notReady(NotReadyException e) {
        return problem(HttpStatus.SERVICE_UNAVAILABLE, "not-ready", "The scheduler is not ready", e);
    }

    @ExceptionHandler
    ProblemDetail unexpected(RuntimeException e) {
        Throwable cause = NestedExceptionUtils.getMostSpecificCause(e);
        LOGGER.atError().setCause(e).log("a request could not be served");
        ProblemDetail problem =
                problem(HttpStatus.SERVICE_UNAVAILABLE, "unavailable", "The request could not be served", e);
        problem.setDetail("%s. See whether Kafka and the schema registry can be reached, and try again"
                .formatted(cause.getMessage()));
        return problem;
    }

    private static ProblemDetail problem(HttpStatus status, String type, String title, Exception e) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, String.valueOf(e.getMessage()));
        problem.setType(URI.create("urn:holdfast:problem:" + type));
        problem.setTitle(title);
        return problem;
    }
}
