package dev.holdfast.cli.screen;

import dev.holdfast.cli.follow.Step;
import java.util.Locale;

/** Tells a person how far it is: a bar redrawn in place on a terminal, else one line a phase. */
public final class ProgressLine {

    private static final int BAR = 24;
    private static final String ERASED = "\r\u001b[K";

    private final Console console;
    private String phase = "";
    private boolean drawn;

    /** Writes to the console's stderr. */
    public ProgressLine(Console console) {
        this.console = console;
    }

    /** Shows one step. */
    public void show(Step step) {
        switch (step) {
            case Step.Silent silent -> {}
            case Step.Milestone milestone -> line(milestone.text());
            case Step.Warning warning -> line("warning: " + warning.text());
            case Step.Heartbeat heartbeat -> heartbeat(heartbeat);
        }
    }

    /** Leaves the cursor on a fresh line. */
    public void end() {
        if (drawn) {
            console.err().print(ERASED);
            console.err().flush();
            drawn = false;
        }
    }

    private void line(String text) {
        end();
        console.say(text.replaceAll("\\p{Cntrl}", " "));
    }

    private void heartbeat(Step.Heartbeat heartbeat) {
        if (console.isTerminal()) {
            console.err().print(ERASED + bar(heartbeat));
            console.err().flush();
            drawn = true;
        } else if (!heartbeat.phase().equals(phase)) {
            phase = heartbeat.phase();
            line(phase);
        }
    }

    private static String bar(Step.Heartbeat heartbeat) {
        StringBuilder text = new StringBuilder();
        heartbeat.percent().ifPresent(percent -> {
            int filled = (int) Math.round(Math.clamp(percent, 0, 100) / 100 * BAR);
            text.append('[')
                    .repeat('#', filled)
                    .repeat('.', BAR - filled)
                    .append(String.format(Locale.ROOT, "] %3.0f %%  ", percent));
        });
        text.append(heartbeat.phase().replaceAll("\\p{Cntrl}", " "));
        heartbeat.bytesDone().ifPresent(done -> {
            text.append("  ").append(Humanized.bytes(done));
            heartbeat.bytesTotal().ifPresent(total -> text.append(" of ").append(Humanized.bytes(total)));
        });
        return text.toString();
    }
}
