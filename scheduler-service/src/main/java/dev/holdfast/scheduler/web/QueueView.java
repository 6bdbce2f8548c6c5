package dev.holdfast.scheduler.web;

import dev.holdfast.scheduler.gate.Gate;
import java.util.List;

/** Tells who has a place and who waits for one, whichever instance keeps them. */
public interface QueueView {

    /** Those that have one first, then those that wait, by their turn. */
    List<Gate.Entry> places();
}
