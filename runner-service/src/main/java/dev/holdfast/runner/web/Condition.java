package dev.holdfast.runner.web;

import java.util.Map;

/** What the runner says of itself. */
public interface Condition {

    /** What stands between the runner and its work, name of the part to what is wrong and what to do; empty if nothing does. */
    Map<String, String> obstacles();

    /** What is amiss but keeps the runner from nothing, name of the part to what is wrong; empty if nothing is. */
    Map<String, String> remarks();
}
