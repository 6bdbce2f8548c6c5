package dev.holdfast.validator.proof;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a cluster's inventory says beside the last proof's.
 *
 * @param schema whether the catalog is the same
 * @param rows how much is in the tables
 * @param conclusion the end of the test that a changed schema calls for, where the user wants that
 */
record InventoryChecks(Check schema, Check rows, Optional<Conclusion> conclusion) {

    private static final int NAMED = 8;

    /**
     * Compares.
     *
     * @param inventory what is there; empty if it could not be taken
     * @param earlier what the last proof found; empty if there is none
     * @param mustStay true if a changed schema fails the test
     */
    static InventoryChecks of(
            Inventory inventory, Optional<EarlierInventory> earlier, boolean mustStay, Duration took) {
        if (inventory.objects().isEmpty()) {
            String why = inventory.incomplete().orElse("the catalog could not be read");
            return new InventoryChecks(
                    Check.notRun(Check.SCHEMA, why), Check.notRun(Check.ROWS, why), unread(mustStay, why));
        }
        List<String> changes = earlier.map(before -> inventory.changesSince(before.inventory()))
                .orElse(List.of());
        Check schema = schema(inventory, earlier, changes, mustStay, took);
        return new InventoryChecks(schema, rows(inventory, earlier, took), conclusion(schema));
    }

    private static Optional<Conclusion> unread(boolean mustStay, String why) {
        return mustStay
                ? Optional.of(new Conclusion(
                        Reason.CHECK_NOT_RUN, "the check %s could not run: %s".formatted(Check.SCHEMA, why)))
                : Optional.empty();
    }

    private static Check schema(
            Inventory inventory,
            Optional<EarlierInventory> earlier,
            List<String> changes,
            boolean mustStay,
            Duration took) {
        String what = "%d objects, fingerprint %s"
                .formatted(inventory.objects().size(), inventory.fingerprint().substring(0, 16));
        if (earlier.isEmpty()) {
            return Check.notRun(Check.SCHEMA, "no earlier proof is known to compare with; noted " + what);
        }
        String since = "the proof of %s at %s"
                .formatted(earlier.get().label(), earlier.get().provenAt());
        if (changes.isEmpty()) {
            return Check.passed(Check.SCHEMA, took, "%s, the same as in %s".formatted(what, since));
        }
        String differs = "%s, differs from %s: %s".formatted(what, since, Lines.some(changes, NAMED));
        return mustStay ? Check.failed(Check.SCHEMA, took, differs) : Check.passed(Check.SCHEMA, took, differs);
    }

    private static Optional<Conclusion> conclusion(Check schema) {
        return schema.outcome() == Check.Outcome.FAILED
                ? Optional.of(new Conclusion(
                        Reason.ASSERTION_FAILED,
                        "the restored schema is not the one of the last proof, and it is demanded that it is: "
                                + schema.detail()))
                : Optional.empty();
    }

    private static Check rows(Inventory inventory, Optional<EarlierInventory> earlier, Duration took) {
        String counted = "%d rows in %d tables%s%s"
                .formatted(
                        inventory.rows(),
                        inventory.tables().size(),
                        inventory
                                .freshest()
                                .map(table -> ", the newest of %s in %s"
                                        .formatted(table.newest().orElseThrow(), table.name()))
                                .orElse(""),
                        inventory.incomplete().map(why -> "; not all: " + why).orElse(""));
        List<String> losses =
                earlier.map(before -> inventory.lossesSince(before.inventory())).orElse(List.of());
        return Check.passed(
                Check.ROWS,
                took,
                losses.isEmpty()
                        ? counted
                        : "%s; fewer than in the proof of %s: %s"
                                .formatted(counted, earlier.orElseThrow().label(), Lines.some(losses, NAMED)));
    }
}
