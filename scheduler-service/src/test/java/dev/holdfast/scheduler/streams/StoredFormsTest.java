package dev.holdfast.scheduler.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.holdfast.events.RequestKind;
import dev.holdfast.events.SlotKind;
import dev.holdfast.scheduler.gate.Gate;
import dev.holdfast.scheduler.gate.GateMessage;
import dev.holdfast.scheduler.gate.Place;
import dev.holdfast.scheduler.stanza.Cursor;
import dev.holdfast.scheduler.stanza.Inconclusive;
import dev.holdfast.scheduler.stanza.Ledger;
import dev.holdfast.scheduler.stanza.Queued;
import dev.holdfast.scheduler.stanza.Reopened;
import dev.holdfast.scheduler.stanza.Told;
import dev.holdfast.testsupport.Events;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What lies in stores and internal topics between two steps. */
class StoredFormsTest {

    private static final Instant TWO = Instant.parse("2026-06-01T02:00:00Z");

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void aLedgerOfAnOlderFormIsRead(int form) throws IOException {
        Ledger read = LedgerSerde.read(older(form));

        assertThat(read.stanza).isEqualTo("mcpgov");
        assertThat(read.cursors).containsOnly(entry("nightly", new Cursor(TWO, TWO.plusSeconds(60))));
        assertThat(read.policy).isNull();
        assertThat(read.provenAt).isEqualTo(TWO.plusNanos(1));
        assertThat(read.queued).isEmpty();
        assertThat(read.reopened).isEmpty();
    }

    /** As the versions before this one wrote it: numbers of fixed length, and lists that came one after the other. */
    private static byte[] older(int form) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(form);
            out.writeUTF("mcpgov");
            out.writeInt(-1); // no policy
            out.writeLong(Long.MIN_VALUE); // nor has one come into force
            out.writeInt(1); // a cursor
            out.writeUTF("nightly");
            instant(TWO, out);
            instant(TWO.plusSeconds(60), out);
            emptyLists(8, out); // concluded to repositories
            instant(TWO.plusNanos(1), out); // provenAt
            out.writeLong(Long.MIN_VALUE); // coveredAt
            emptyLists(6, out); // objectives to lastAfter
            if (form >= 3) {
                emptyLists(3, out); // inconclusive, queued, told
            }
        }
        return bytes.toByteArray();
    }

    private static void instant(Instant instant, DataOutputStream out) throws IOException {
        out.writeLong(instant.getEpochSecond());
        out.writeInt(instant.getNano());
    }

    private static void emptyLists(int count, DataOutputStream out) throws IOException {
        for (int list = 0; list < count; list++) {
            out.writeInt(0);
        }
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
        var queued = new Queued(
                Events.backupRequested("mcpgov")
                        .setNotAfter(TWO.plusSeconds(60))
                        .build(),
                null,
                null,
                TWO,
                true,
                false);
        ledger.queued.put(queued.id(), queued);
        ledger.told.put(queued.id(), Told.TAKEN);
        ledger.inconclusive.put(UUID.randomUUID(), new Inconclusive(TWO, "no space"));
        ledger.reopened.put(
                "nightly",
                new Reopened(SlotKind.BACKUP, "digest", List.of(TWO, TWO.plusMillis(7), TWO.plusNanos(123_456_789))));

        Ledger read = LedgerSerde.read(LedgerSerde.write(ledger));

        assertThat(read.queued).isEqualTo(ledger.queued);
        assertThat(read.told).isEqualTo(ledger.told);
        assertThat(read.inconclusive).isEqualTo(ledger.inconclusive);
        assertThat(read.reopened).isEqualTo(ledger.reopened);
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

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 127, 128, 16_383, 16_384, Integer.MAX_VALUE, Long.MAX_VALUE, -1, Long.MIN_VALUE})
    void aNumberIsReadAsItWasWritten(long number) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Compact.writeLong(number, new DataOutputStream(bytes));

        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
        assertThat(Compact.readLong(in)).isEqualTo(number);
        assertThat(in.read()).as("nothing is left").isEqualTo(-1);
    }

    @Test
    void whatAConclusionSaysOfOpenSlotsIsReadAsItWasWrittenAndGarbageIsLeftOut() {
        RecordHeaders headers = new RecordHeaders();
        OpenSlots.put(headers, List.of(TWO, TWO.plusSeconds(60)));
        assertThat(OpenSlots.of(headers)).containsExactly(TWO, TWO.plusSeconds(60));

        assertThat(OpenSlots.of(new RecordHeaders())).isEmpty();
        RecordHeaders odd = new RecordHeaders();
        odd.add("holdfast-open-slots", "yesterday 2026-06-01T02:00:00Z".getBytes(StandardCharsets.UTF_8));
        assertThat(OpenSlots.of(odd)).containsExactly(TWO);
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
