package dev.holdfast.validator.proof;

import java.util.List;
import java.util.Optional;

/** What the content checks mean together. */
final class ContentJudgement {

    private ContentJudgement() {}

    /**
     * The end of the test that they call for; empty if all is well.
     *
     * @param content dump, amcheck, page checksums
     * @param archive whether the archive is untouched
     * @param pageChecksums false if the cluster has none: then that check cannot run, which is no fault of the test
     */
    static Optional<Conclusion> of(List<Check> content, Check archive, boolean pageChecksums) {
        Optional<Check> failed = first(content, Check.Outcome.FAILED);
        if (failed.isPresent()) {
            return Optional.of(new Conclusion(
                    Reason.CONTENT_DAMAGED,
                    "the restored content is damaged, found by %s: %s"
                            .formatted(failed.get().name(), failed.get().detail())));
        }
        if (archive.outcome() == Check.Outcome.FAILED) {
            return Optional.of(new Conclusion(Reason.ARCHIVE_CHANGED, archive.detail()));
        }
        return content.stream()
                .filter(check -> check.outcome() == Check.Outcome.NOT_RUN)
                .filter(check -> pageChecksums || !check.name().equals(Check.PAGE_CHECKSUMS))
                .findFirst()
                .map(check -> new Conclusion(
                        check.detail().startsWith(Check.IMAGE_LACKS) ? Reason.IMAGE : Reason.CHECK_NOT_RUN,
                        "the check %s could not run: %s".formatted(check.name(), check.detail())));
    }

    private static Optional<Check> first(List<Check> checks, Check.Outcome outcome) {
        return checks.stream().filter(check -> check.outcome() == outcome).findFirst();
    }
}
