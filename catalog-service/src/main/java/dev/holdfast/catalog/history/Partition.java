package dev.holdfast.catalog.history;

/**
 * A partition of a topic.
 *
 * @param topic the topic
 * @param number 0 or more
 */
public record Partition(String topic, int number) {}
