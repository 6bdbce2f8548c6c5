package dev.holdfast.cli.screen;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Columns of text, each as wide as its widest cell, two spaces apart. */
public final class Table {

    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    /** A table with these headings. */
    public Table(String... headings) {
        rows.add(List.of(headings));
    }

    /** Adds a row, and returns this. */
    public Table row(String... cells) {
        rows.add(Arrays.stream(cells).map(Table::onOneLine).toList());
        return this;
    }

    /** Writes it. */
    public void print(PrintWriter out) {
        print(out, rows);
    }

    /** Writes it without the headings. */
    public void printRows(PrintWriter out) {
        print(out, rows.subList(1, rows.size()));
    }

    private void print(PrintWriter out, List<List<String>> shown) {
        int[] widths = new int[rows.getFirst().size()];
        rows.forEach(row -> {
            for (int column = 0; column < row.size(); column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        });
        shown.forEach(row -> out.println(line(row, widths)));
        out.flush();
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            line.append(row.get(column))
                    .repeat(' ', widths[column] - row.get(column).length())
                    .append(GAP);
        }
        return line.toString().stripTrailing();
    }

    /** What an event says must not move the cursor: control characters become spaces. */
    private static String onOneLine(String cell) {
        return cell.replaceAll("\\p{Cntrl}", " ");
    }
}
