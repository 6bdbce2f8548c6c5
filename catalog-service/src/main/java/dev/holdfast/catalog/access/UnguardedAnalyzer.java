package dev.holdfast.catalog.access;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells of an {@link UnguardedException} in words instead of a stack trace. */
final class UnguardedAnalyzer extends AbstractFailureAnalyzer<UnguardedException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, UnguardedException cause) {
        return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.action(), cause);
    }
}
