package dev.holdfast.bench.catalog;

import java.nio.file.Path;

/** One figure of the catalog, named by the first argument; {@code bench/run} calls it. */
public final class CatalogFigures {

    private CatalogFigures() {}

    /**
     * Measures what the arguments say.
     *
     * @param arguments the figure, a scratch folder, and the figure's own knobs in their order
     */
    public static void main(String[] arguments) {
        Path scratch = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "P6" -> DrainFigure.measure(scratch, number(arguments[2]), number(arguments[3]), arguments[4]);
            case "P7" -> RebuildFigure.measure(number(arguments[2]));
            case "P8" -> QueryFigures.queries(scratch, number(arguments[2]), arguments[3], number(arguments[4]));
            case "P8S" -> StartFigure.measure(scratch, arguments[2], number(arguments[3]));
            case "P9" -> FleetFigure.measure(number(arguments[2]), arguments[3]);
            case "P10" -> QueryFigures.depth(number(arguments[2]), arguments[3]);
            case "R5" -> LossFigure.measure(number(arguments[2]));
            case "R5M" -> CatchUpFigure.measure(number(arguments[2]));
            case "R6" -> RecoveryFigure.measure(number(arguments[2]));
            case "R9" -> PoisonFigure.measure(number(arguments[2]));
            case "R10" -> TruthFigure.measure(number(arguments[2]), number(arguments[3]));
            default -> throw new IllegalArgumentException("no such figure: " + arguments[0]);
        }
    }

    private static int number(String text) {
        return Integer.parseInt(text);
    }
}
