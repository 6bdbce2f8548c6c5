package dev.holdfast.validator.proof;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A past in which nothing happened, until a test says otherwise. */
final class FakePast implements ProvenBefore {

    Optional<EarlierInventory> inventory = Optional.empty();
    Optional<Instant> verified = Optional.empty();
    List<Marker> markers = List.of();
    final Map<String, Instant> passed = new HashMap<>();

    @Override
    public Optional<Instant> lastPassed(String stanza, String label) {
        return Optional.ofNullable(passed.get(label));
    }

    @Override
    public Optional<Passed> lastPassed(String stanza) {
        return passed.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(entry -> new Passed(entry.getKey(), entry.getValue()));
    }

    @Override
    public Optional<EarlierInventory> inventory(String stanza) {
        return inventory;
    }

    @Override
    public Optional<Instant> lastVerified(String stanza, int repository) {
        return verified;
    }

    @Override
    public List<Marker> markers(String stanza) {
        return markers;
    }

    @Override
    public Optional<Lsn> restorePoint(String stanza, String name) {
        return Optional.empty();
    }
}
