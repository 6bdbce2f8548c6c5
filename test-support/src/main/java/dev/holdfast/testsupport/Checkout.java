package dev.holdfast.testsupport;

import java.nio.file.Files;
import java.nio.file.Path;

/** The source tree that the tests run in. */
public final class Checkout {

    private Checkout() {}

    /**
     * Its root: the system property {@code holdfast.root}, which the build sets, else the nearest folder above the
     * working directory that has {@code mvnw} (a test started from an editor).
     */
    public static Path root() {
        String property = System.getProperty("holdfast.root");
        return property == null ? nearestAbove(Path.of("").toAbsolutePath()) : Path.of(property);
    }

    private static Path nearestAbove(Path start) {
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("mvnw"))) {
                return folder;
            }
        }
        throw new IllegalStateException(
                "no folder above %s has mvnw; set -Dholdfast.root to the root of the checkout".formatted(start));
    }
}
