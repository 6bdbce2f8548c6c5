package dev.holdfast.schemas;

/** Which changes of a schema the contract allows, by the registry's names. */
public enum Compatibility {
    /** New readers read everything old: what facts need, which are kept for ever. */
    BACKWARD_TRANSITIVE,
    /** New reads old and old reads new: what commands need, which programs of any age write and read. */
    FULL_TRANSITIVE;

    /** True if a registry that enforces this level lets pass no change that the contract forbids. */
    boolean isKeptBy(String level) {
        return level.equals(name()) || level.equals(FULL_TRANSITIVE.name());
    }
}
