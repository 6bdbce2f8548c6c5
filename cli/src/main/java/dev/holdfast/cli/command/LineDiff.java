package dev.holdfast.cli.command;

import java.util.ArrayList;
import java.util.List;

/** What turns one text into another, line by line: {@code - gone}, {@code + new}, and the lines between as they are. */
final class LineDiff {

    private LineDiff() {}

    /** The lines with their marks; none if the texts are equal. */
    static List<String> of(String before, String after) {
        if (before.equals(after)) {
            return List.of();
        }
        List<String> left = before.lines().toList();
        List<String> right = after.lines().toList();
        int[][] common = longestCommon(left, right);
        List<String> lines = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < left.size() || j < right.size()) {
            if (i < left.size() && j < right.size() && left.get(i).equals(right.get(j))) {
                lines.add("  " + left.get(i++));
                j++;
            } else if (j == right.size() || (i < left.size() && common[i + 1][j] >= common[i][j + 1])) {
                lines.add("- " + left.get(i++));
            } else {
                lines.add("+ " + right.get(j++));
            }
        }
        return lines;
    }

    /** Length of the longest common subsequence of what follows each pair of lines. */
    private static int[][] longestCommon(List<String> left, List<String> right) {
        int[][] common = new int[left.size() + 1][right.size() + 1];
        for (int i = left.size() - 1; i >= 0; i--) {
            for (int j = right.size() - 1; j >= 0; j--) {
                common[i][j] = left.get(i).equals(right.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        return common;
    }
}
