package dev.holdfast.scheduler.stanza;

import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.RequestKind;
import dev.holdfast.events.RequestOrigin;
import dev.holdfast.events.RestoreTestRequested;
import dev.holdfast.events.SlotConcluded;
import dev.holdfast.events.SlotOutcome;
import dev.holdfast.scheduler.gate.Caps;
import dev.holdfast.scheduler.gate.GateMessage;
import dev.holdfast.scheduler.gate.Place;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The stanza's side of the gate: what the scheduler would ask for waits here until the gate lets it in, and the gate is
 * told of every run that begins or ends, whoever asked for it. Without caps everything is asked for at once.
 *
 * <p>What the gate was told is remembered, and whatever differs from how things are is told: so nothing has to be thought
 * of at each place where a run may begin or end, and a place that is not needed any more is always given back.
 */
final class Admissions {

    private final Facts facts;
    private final Caps caps;
    private final ServedStanzas served;
    private final Timetables timetables;

    Admissions(Facts facts, Caps caps, ServedStanzas served, Timetables timetables) {
        this.facts = facts;
        this.caps = caps;
        this.served = served;
        this.timetables = timetables;
    }

    /** Asks for a backup, at once or when its turn comes; with it goes the conclusion of its slot, if it has one. */
    void ask(Ledger ledger, BackupRequested request, @Nullable SlotConcluded conclusion, Instant due, Moment moment) {
        ask(ledger, new Queued(request, null, conclusion, due, false, false), moment);
    }

    /** As above for a restore test. */
    void ask(
            Ledger ledger,
            RestoreTestRequested request,
            @Nullable SlotConcluded conclusion,
            Instant due,
            Moment moment) {
        ask(ledger, new Queued(null, request, conclusion, due, false, false), moment);
    }

    private void ask(Ledger ledger, Queued queued, Moment moment) {
        if (caps.isNone()) {
            publish(ledger, queued, moment);
        } else {
            ledger.queued.putIfAbsent(queued.id(), queued);
        }
    }

    private static void publish(Ledger ledger, Queued queued, Moment moment) {
        Instant now = moment.now();
        UUID id = queued.id();
        Tracked unread = Tracked.unread(id, queued.requestId(), queued.kind(), now);
        BackupRequested backup = queued.backup();
        RestoreTestRequested test = queued.test();
        if (backup != null) {
            moment.outbox().add(backup);
            ledger.tracked.putIfAbsent(id, unread.asked(backup, now));
        } else if (test != null) {
            moment.outbox().add(test);
            ledger.askedTests.put(id, now);
            ledger.tracked.putIfAbsent(id, unread.asked(test, now));
        }
        SlotConcluded conclusion = queued.conclusion();
        if (conclusion != null) {
            moment.outbox().add(conclusion);
        }
    }

    /** What has waited is published as if it had been made now. */
    private Queued again(Queued queued, Instant now) {
        BackupRequested backup = queued.backup();
        RestoreTestRequested test = queued.test();
        SlotConcluded conclusion = queued.conclusion();
        return new Queued(
                backup == null ? null : facts.again(backup, now),
                test == null ? null : facts.again(test, now),
                conclusion == null ? null : facts.again(conclusion, now),
                queued.due(),
                queued.letIn(),
                queued.again());
    }

    /** The gate lets it in. It is asked for in the next {@link #advance}, unless that may not be any more. */
    void letIn(Ledger ledger, UUID id) {
        ledger.queued.computeIfPresent(id, (key, queued) -> queued.withLetIn(true));
        ledger.told.computeIfPresent(id, (key, told) -> Told.TAKEN);
    }

    /** Puts the slots of a schedule that was changed or went away out of the queue. */
    void supersede(Ledger ledger, Predicate<String> goesOn, Moment moment) {
        for (Queued queued : List.copyOf(ledger.queued.values())) {
            SlotConcluded conclusion = queued.conclusion();
            if (conclusion != null && !goesOn.test(conclusion.getSchedule())) {
                ledger.queued.remove(queued.id());
                moment.outbox()
                        .add(facts.unrequested(
                                conclusion,
                                SlotOutcome.SUPERSEDED,
                                "the policy was changed while its request waited for a free place",
                                moment.now()));
            }
        }
    }

    /** Asks for what was let in, gives up what has waited for too long, and tells the gate what has changed. */
    void advance(Ledger ledger, Moment moment) {
        for (Queued queued : List.copyOf(ledger.queued.values())) {
            advance(ledger, queued, moment);
        }
        changes(ledger, moment.now()).forEach(message -> tell(ledger, message, moment));
    }

    private void advance(Ledger ledger, Queued queued, Moment moment) {
        Instant now = moment.now();
        if (isCancelled(ledger, queued)) {
            ledger.queued.remove(queued.id());
            drop(queued, SlotOutcome.SUPERSEDED, "its request was cancelled while it waited for a free place", moment);
        } else if (now.isAfter(queued.notAfter())) {
            ledger.queued.remove(queued.id());
            String reason = "it waited for a free place until " + queued.notAfter();
            drop(queued, SlotOutcome.MISSED, reason, moment);
            if (queued.conclusion() == null) {
                moment.outbox().add(facts.neverLetIn(ledger.stanza, queued, reason, now));
            }
        } else if (queued.letIn() || caps.isNone()) {
            if (closedUntil(ledger, queued, now).isEmpty()) {
                ledger.queued.remove(queued.id());
                publish(ledger, again(queued, now), moment);
                if (queued.again()) {
                    // the gate may have let it in before it was told of the new wish
                    ledger.told.remove(queued.id());
                }
            } else if (queued.letIn()) {
                ledger.queued.put(queued.id(), queued.withLetIn(false));
            }
        }
    }

    private void drop(Queued queued, SlotOutcome outcome, String reason, Moment moment) {
        Optional.ofNullable(queued.conclusion())
                .ifPresent(conclusion ->
                        moment.outbox().add(facts.unrequested(conclusion, outcome, reason, moment.now())));
    }

    private static boolean isCancelled(Ledger ledger, Queued queued) {
        BackupRequested backup = queued.backup();
        return ledger.cancelled.containsKey(queued.requestId())
                || (backup != null
                        && backup.getRetryOf()
                                .filter(ledger.cancelled::containsKey)
                                .isPresent());
    }

    /** What the gate has to be told so that it knows how things are. */
    private List<GateMessage> changes(Ledger ledger, Instant now) {
        List<GateMessage> changes = new ArrayList<>();
        if (caps.isNone() && ledger.told.isEmpty()) {
            return changes;
        }
        Map<UUID, Told> wanted = new LinkedHashMap<>();
        if (!caps.isNone()) {
            ledger.queued.values().stream()
                    .filter(queued -> closedUntil(ledger, queued, now).isEmpty())
                    .forEach(queued -> wanted.put(queued.id(), queued.letIn() ? Told.TAKEN : Told.WAITING));
            ledger.tracked.values().stream()
                    .filter(ledger::isBusy)
                    .forEach(request -> wanted.put(request.id(), Told.TAKEN));
        }
        ledger.told.keySet().stream()
                .filter(id -> !wanted.containsKey(id))
                .forEach(id -> changes.add(new GateMessage.Free(id)));
        wanted.forEach((id, told) -> {
            if (ledger.told.get(id) != told) {
                changes.add(message(ledger, id));
            }
        });
        return changes;
    }

    private GateMessage message(Ledger ledger, UUID id) {
        Queued queued = ledger.queued.get(id);
        if (queued != null) {
            return new GateMessage.Wish(place(ledger.stanza, queued));
        }
        Tracked running = ledger.tracked.get(id);
        if (running == null) {
            throw new IllegalStateException("%s of %s is neither queued nor running".formatted(id, ledger.stanza));
        }
        return new GateMessage.Take(place(ledger.stanza, running));
    }

    private Place place(String stanza, Queued queued) {
        Optional<SlotConcluded> slot = Optional.ofNullable(queued.conclusion());
        return new Place(
                queued.id(),
                queued.requestId(),
                queued.kind(),
                stanza,
                pool(stanza, queued.kind(), queued.pool()),
                queued.schedule(),
                slot.map(SlotConcluded::getSlot),
                queued.due(),
                queued.notAfter());
    }

    private Place place(String stanza, Tracked running) {
        return new Place(
                running.id(),
                running.requestId(),
                running.kind(),
                stanza,
                pool(stanza, running.kind(), running.pool()),
                Optional.empty(),
                Optional.empty(),
                running.seen(),
                running.notAfter());
    }

    private String pool(String stanza, RequestKind kind, Optional<String> named) {
        return served.poolFor(stanza, kind, named).orElse("");
    }

    private static void tell(Ledger ledger, GateMessage message, Moment moment) {
        switch (message) {
            case GateMessage.Wish wish -> {
                ledger.told.put(wish.id(), Told.WAITING);
                ledger.queued.computeIfPresent(wish.id(), (id, queued) -> queued.withLetIn(false));
            }
            case GateMessage.Take take -> ledger.told.put(take.id(), Told.TAKEN);
            case GateMessage.Free free -> {
                ledger.told.remove(free.id());
                ledger.queued.computeIfPresent(free.id(), (id, queued) -> queued.withAgain());
            }
        }
        moment.outbox().tell(message);
    }

    /** Until when the scheduler may not start it. What a person asked for is not held back, as without caps. */
    private Optional<Instant> closedUntil(Ledger ledger, Queued queued, Instant now) {
        return queued.origin() == RequestOrigin.AD_HOC
                ? Optional.empty()
                : ledger.inForce().flatMap(policy -> timetables.closedUntil(policy, now));
    }

    /** When something has to be done, if the gate says nothing. */
    Optional<Instant> wake(Ledger ledger, Instant now) {
        if (ledger.queued.isEmpty() && ledger.told.isEmpty() && caps.isNone()) {
            return Optional.empty();
        }
        if (!changes(ledger, now).isEmpty()) {
            return Optional.of(now);
        }
        return ledger.queued.values().stream()
                .map(queued -> wake(ledger, queued, now))
                .min(Instant::compareTo);
    }

    private Instant wake(Ledger ledger, Queued queued, Instant now) {
        Instant givenUp = queued.notAfter().plusMillis(1);
        Optional<Instant> opens = closedUntil(ledger, queued, now);
        if (opens.isPresent()) {
            return opens.get().isBefore(givenUp) ? opens.get() : givenUp;
        }
        return queued.letIn() || caps.isNone() ? now : givenUp;
    }
}
