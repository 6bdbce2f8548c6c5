package dev.holdfast.scheduler.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.events.RequestKind;
import dev.holdfast.scheduler.gate.Gate;
import dev.holdfast.scheduler.gate.GateMessage;
import dev.holdfast.scheduler.gate.Place;
import dev.holdfast.scheduler.stanza.Ledger;
import dev.holdfast.testsupport.Events;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What lies in stores and internal topics between two steps. */
class StoredFormsTest {

    private static final Instant TWO = Instant.parse("2026-06-01T02:00:00Z");

    /** The inconclusive tests, the queue and what the gate was told: three lists, empty. */
    private static final int ADDED_BYTES = 3 * Integer.BYTES;

    @Test
    void aLedgerOfTheFormBeforeTheGateIsRead() {
        Ledger ledger = new Ledger("mcpgov");
        ledger.cursors.put("nightly", new Ledger.Cursor(TWO, TWO.plusSeconds(60)));
        byte[] current = LedgerSerde.write(ledger);
        byte[] older = Arrays.copyOf(current, current.length - ADDED_BYTES);
        older[0] = 2;

        Ledger read = LedgerSerde.read(older);

        assertThat(read.cursors).isEqualTo(ledger.cursors);
        assertThat(read.queued).isEmpty();
    }

    @Test
    void aLedgerOfAFormThatThisVersionDoesNotKnowIsRefused() {
        byte[] newer = LedgerSerde.write(new Ledger("mcpgov"));
        newer[0] = 99;

        assertThatThrownBy(() -> LedgerSerde.read(newer))
                .hasMessageContaining("holds form 99")
                .hasMessageContaining("HOLDFAST_SCHEDULER_APPLICATION_ID");
    }

    @Test
    void whatWaitsAndWhatTheGateWasToldIsKept() {
        Ledger ledger = new Ledger("mcpgov");
        var queued = new Ledger.Queued(
                Events.backupRequested("mcpgov")
                        .setNotAfter(TWO.plusSeconds(60))
                        .build(),
                null,
                null,
                TWO,
                true,
                false);
        ledger.queued.put(queued.id(), queued);
        ledger.told.put(queued.id(), Ledger.Told.TAKEN);
        ledger.inconclusive.put(UUID.randomUUID(), new Ledger.Inconclusive(TWO, "no space"));

        Ledger read = LedgerSerde.read(LedgerSerde.write(ledger));

        assertThat(read.queued).isEqualTo(ledger.queued);
        assertThat(read.told).isEqualTo(ledger.told);
        assertThat(read.inconclusive).isEqualTo(ledger.inconclusive);
    }

    @Test
    void whatStanzasAndTheGateTellEachOtherIsReadAsItWasWritten() {
        Place scheduled = place(Optional.of("nightly"), Optional.of(TWO));
        Place other = place(Optional.empty(), Optional.empty());

        for (GateMessage message : new GateMessage[] {
            new GateMessage.Wish(scheduled), new GateMessage.Take(other), new GateMessage.Free(other.id())
        }) {
            assertThat(GateCodec.message(GateCodec.message(message))).isEqualTo(message);
        }
        assertThat(GateCodec.letIn(GateCodec.letIn(other.id()))).isEqualTo(other.id());
        try (var entries = GateCodec.entries()) {
            Gate.Entry entry = new Gate.Entry(scheduled, true);
            byte[] bytes = entries.serializer().serialize("places", entry);
            assertThat(entries.deserializer().deserialize("places", bytes)).isEqualTo(entry);
        }
    }

    private static Place place(Optional<String> schedule, Optional<Instant> slot) {
        return new Place(
                UUID.randomUUID(),
                UUID.randomUUID(),
                RequestKind.RESTORE_TEST,
                "mcpgov",
                "db1",
                schedule,
                slot,
                TWO,
                TWO.plusSeconds(86_400));
    }
}
