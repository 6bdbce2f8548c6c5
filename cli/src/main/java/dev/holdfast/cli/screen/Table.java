package dev.holdfast.cli.screen;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Columns of text, each as wide as its widest cell, two spaces apart. On a screen that is too narrow the last column is broken
 * between words.
 */
public final class Table {

    private static final String GAP = "  ";
    private static final int NARROWEST_LAST = 20;

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
    public void print(Console console) {
        print(console, 0);
    }

    /** Writes it without the headings. */
    public void printRows(Console console) {
        print(console, 1);
    }

    private void print(Console console, int first) {
        int[] widths = widths(first);
        for (int row = first; row < rows.size(); row++) {
            for (List<String> line :
                    broken(rows.get(row), widths, console.look().width())) {
                console.out().println(line(line, widths, console.look().colours(), row == 0));
            }
        }
        console.out().flush();
    }

    private int[] widths(int first) {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows.subList(first, rows.size())) {
            for (int column = 0; column < row.size(); column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        return widths;
    }

    /** The row as it fits: one line, or several with what is left of the last cell. */
    private static List<List<String>> broken(List<String> row, int[] widths, int screen) {
        int before = Arrays.stream(widths, 0, widths.length - 1)
                .map(width -> width + GAP.length())
                .sum();
        int room = screen - before;
        String last = row.getLast();
        if (screen == 0 || last.length() <= room || room < NARROWEST_LAST) {
            return List.of(row);
        }
        List<List<String>> lines = new ArrayList<>();
        for (String part : wrapped(last, room)) {
            List<String> line = new ArrayList<>(
                    lines.isEmpty() ? row : row.stream().map(cell -> "").toList());
            line.set(line.size() - 1, part);
            lines.add(line);
        }
        return lines;
    }

    /** Broken between words; a word that is longer than the room stays whole. */
    private static List<String> wrapped(String text, int room) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > room) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    private static String line(List<String> row, int[] widths, boolean colours, boolean heading) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            String cell = row.get(column);
            String shown = !colours ? cell : heading ? Palette.heading(cell) : Palette.painted(cell);
            // the last column's own width may be more than the screen's
            int padding = column == row.size() - 1 ? 0 : widths[column] - cell.length() + GAP.length();
            line.append(shown).repeat(' ', padding);
        }
        return line.toString().stripTrailing();
    }

    /** What an event says must not move the cursor: control characters become spaces. */
    private static String onOneLine(String cell) {
        return cell.replaceAll("\\p{Cntrl}", " ");
    }
}
