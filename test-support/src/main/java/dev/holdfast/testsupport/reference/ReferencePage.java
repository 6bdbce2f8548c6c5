package dev.holdfast.testsupport.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A section of a page for people that must agree with the code. It stands between two comments, {@code <!-- NAME: TEST -->} and
 * {@code <!-- end of NAME -->}.
 *
 * <p>With the system property {@code holdfast.reference=write} a generated section is written into the page instead of being
 * compared with it.
 */
public final class ReferencePage {

    private static final String WRITE = "write";

    private final Path page;
    private final String section;

    private ReferencePage(Path page, String section) {
        this.page = page;
        this.section = section;
    }

    /**
     * A section.
     *
     * @param page file name under {@code docs/reference}
     * @param section its name, as in the comments around it
     */
    public static ReferencePage section(String page, String section) {
        return new ReferencePage(Checkout.root().resolve("docs/reference").resolve(page), section);
    }

    /** Fails unless the section is this text, which is also left in {@code target}. */
    public void holds(String expected) {
        if (WRITE.equals(System.getProperty("holdfast.reference"))) {
            replace(expected);
        }
        Path written = leave(expected);
        assertThat(text().strip())
                .as(
                        "the section '%s' of %s is made from the code; what it should be is in %s, and the same test with -Dholdfast.reference=write puts it there",
                        section, page.getFileName(), written)
                .isEqualTo(expected.strip());
    }

    /** The cells of the section's tables, without their heads, row by row; code marks are taken off. */
    public List<List<String>> rows() {
        return text().lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> Arrays.stream(
                                line.substring(1, line.lastIndexOf('|')).split("(?<!\\\\)\\|"))
                        .map(cell -> cell.strip().replace("`", ""))
                        .toList())
                .toList();
    }

    private String text() {
        String whole = read();
        return whole.substring(begin(whole), end(whole));
    }

    private void replace(String text) {
        String whole = read();
        write(page, whole.substring(0, begin(whole)) + "\n" + text.strip() + "\n\n" + whole.substring(end(whole)));
    }

    private int begin(String whole) {
        var comment = Pattern.compile("<!-- %s: \\S+ -->\n".formatted(Pattern.quote(section)))
                .matcher(whole);
        assertThat(comment.find())
                .as("a comment '<!-- %s: NameOfTheTest -->' in %s", section, page)
                .isTrue();
        return comment.end();
    }

    private int end(String whole) {
        int end = whole.indexOf("<!-- end of %s -->".formatted(section));
        assertThat(end).as("the end of section '%s' in %s", section, page).isPositive();
        return end;
    }

    private Path leave(String text) {
        try {
            Path folder = Files.createDirectories(Path.of("target", "reference").toAbsolutePath());
            Path file = folder.resolve(section + "-of-" + page.getFileName());
            write(file, text);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("no folder for references under target", e);
        }
    }

    private String read() {
        try {
            return Files.readString(page);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + page, e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
