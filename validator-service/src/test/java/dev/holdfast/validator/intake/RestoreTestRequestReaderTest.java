package dev.holdfast.validator.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupSelection;
import dev.holdfast.events.RestoreTarget;
import dev.holdfast.events.RestoreTestRequested;
import dev.holdfast.events.TargetKind;
import dev.holdfast.testsupport.ProofEvents;
import dev.holdfast.validator.claim.TestRequest;
import dev.holdfast.validator.proof.Lsn;
import dev.holdfast.validator.proof.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RestoreTestRequestReaderTest {

    private static final Instant APPENDED = Instant.parse("2026-11-22T12:00:00Z");

    @Test
    void eachKindOfTargetIsUnderstood() {
        assertThat(target(TargetKind.BACKUP_END, null)).isEqualTo(new Target.BackupEnd());
        assertThat(target(TargetKind.LATEST, null)).isEqualTo(new Target.Latest());
        assertThat(target(TargetKind.TIME, "2026-11-22T13:00:00+01:00")).isEqualTo(new Target.Time(APPENDED));
        assertThat(target(TargetKind.LSN, "0/3000028")).isEqualTo(new Target.AtLsn(new Lsn(0x3000028)));
        assertThat(target(TargetKind.NAME, "before upgrade")).isEqualTo(new Target.Name("before upgrade"));
        assertThat(target(TargetKind.RANDOM_IN_WINDOW, null)).isEqualTo(new Target.RandomInWindow());
    }

    @ParameterizedTest
    @CsvSource({
        "TIME,2026-11-22 13:00",
        "TIME,yesterday",
        "TIME,2026-11-22T13:00:00",
        "LSN,3000028",
        "LSN,0/XYZ",
        "NAME,--delta",
        "NAME,'a;rm -rf /'",
        "NAME,",
        "TIME,",
        "UNKNOWN,x"
    })
    void whatCannotBeUnderstoodIsSaidAndNotGuessed(TargetKind kind, @Nullable String value) {
        TestRequest request = read(ProofEvents.restoreTestRequested("shop").setTarget(new RestoreTarget(kind, value)));

        assertThat(request.wish()).isInstanceOf(TestRequest.Improper.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "latest",
                "--delta",
                "../../evil",
                "20261122-160345F; id",
                "20261122-160345F --delta",
                "20261122-160345D",
                "20261122-160345F_20261122-160345F"
            })
    void aLabelThatPgBackRestWouldNotGiveIsRefused(String label) {
        TestRequest request = read(ProofEvents.restoreTestRequested("shop").setBackupLabel(label));

        assertThat(request.wish())
                .isInstanceOfSatisfying(
                        TestRequest.Improper.class,
                        improper -> assertThat(improper.why()).contains("expected"));
    }

    @Test
    void anUnknownSelectionAndAnImpossibleRepositoryAreRefused() {
        assertThat(read(ProofEvents.restoreTestRequested("shop").setSelection(BackupSelection.UNKNOWN))
                        .wish())
                .isInstanceOf(TestRequest.Improper.class);
        assertThat(read(ProofEvents.restoreTestRequested("shop").setRepository(0))
                        .wish())
                .isInstanceOf(TestRequest.Improper.class);
    }

    @Test
    void aRequestWithoutALimitMayStartForADayAndNoneAfterAWeek() {
        assertThat(read(ProofEvents.restoreTestRequested("shop")).notAfter())
                .isEqualTo(APPENDED.plus(Duration.ofHours(24)));
        assertThat(read(ProofEvents.restoreTestRequested("shop").setNotAfter(APPENDED.plus(Duration.ofDays(30))))
                        .notAfter())
                .isEqualTo(APPENDED.plus(Duration.ofDays(7)));
    }

    private static Target target(TargetKind kind, @Nullable String value) {
        TestRequest request = read(ProofEvents.restoreTestRequested("shop").setTarget(new RestoreTarget(kind, value)));
        return ((TestRequest.Proper) request.wish()).order().target();
    }

    private static TestRequest read(RestoreTestRequested.Builder event) {
        return RestoreTestRequestReader.read(event.build(), APPENDED, Optional.empty());
    }
}
