package dev.holdfast.cli.screen;

import java.util.Map;

/**
 * How data look on a screen. Where nobody watches they are plain: no colours, and no line is broken, so that they can be
 * searched.
 *
 * @param colours true if words may be coloured
 * @param width columns of the screen; 0 if lines may be as long as they are
 */
public record Look(boolean colours, int width) {

    /** For files, pipes and tests. */
    public static final Look PLAIN = new Look(false, 0);

    private static final int USUAL_WIDTH = 80;
    private static final int NARROWEST = 40;

    /** The look of a terminal, by its environment: {@code NO_COLOR}, {@code TERM} and {@code COLUMNS} are minded. */
    public static Look ofTerminal(Map<String, String> environment) {
        boolean colours = environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "dumb").equals("dumb");
        String columns = environment.getOrDefault("COLUMNS", "");
        int width = columns.matches("[0-9]{1,4}") ? Integer.parseInt(columns) : USUAL_WIDTH;
        return new Look(colours, Math.max(width, NARROWEST));
    }
}
