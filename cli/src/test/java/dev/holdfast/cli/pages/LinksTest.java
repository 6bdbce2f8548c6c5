package dev.holdfast.cli.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.Checkout;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every relative link of every page in the checkout leads to a file, and to a heading of it where it names one. */
class LinksTest {

    private static final Set<String> NOT_OURS = Set.of("target", "node_modules", ".git");

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        List<MarkdownPage> pages = pages();
        List<String> broken = new ArrayList<>();
        for (MarkdownPage page : pages) {
            page.targets().stream()
                    .filter(target -> !target.matches("[a-z]+:.*"))
                    .filter(target -> !leadsSomewhere(page, target))
                    .map(target -> Checkout.root().relativize(page.file()) + " -> " + target)
                    .forEach(broken::add);
        }

        assertThat(pages).hasSizeGreaterThan(30);
        assertThat(broken).as("links that lead nowhere").isEmpty();
    }

    private static boolean leadsSomewhere(MarkdownPage page, String target) {
        int hash = target.indexOf('#');
        String path = hash < 0 ? target : target.substring(0, hash);
        Path file =
                path.isEmpty() ? page.file() : page.file().resolveSibling(path).normalize();
        return Files.exists(file)
                && (hash < 0 || MarkdownPage.of(file).anchors().contains(target.substring(hash + 1)));
    }

    private static List<MarkdownPage> pages() throws IOException {
        List<MarkdownPage> pages = new ArrayList<>();
        Files.walkFileTree(Checkout.root(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return NOT_OURS.contains(folder.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(".md")) {
                    pages.add(MarkdownPage.of(file));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return pages;
    }
}
