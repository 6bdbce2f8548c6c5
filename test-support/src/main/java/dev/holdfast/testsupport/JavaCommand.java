package dev.holdfast.testsupport;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How tests start a JVM: as {@code deploy/local} does, so that the AOT cache made at build time fits. */
final class JavaCommand {

    private JavaCommand() {}

    /**
     * The beginning of the command line: the JVM that runs the test, and its flags.
     *
     * @param heap limit of the heap, such as 256m
     * @param aotCache used if the file is there
     */
    static List<String> start(String heap, Path aotCache) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseCompactObjectHeaders",
                "-Xss512k",
                "-Xmx" + heap));
        if (Files.exists(aotCache)) {
            command.add("-XX:AOTCache=" + aotCache);
        }
        return command;
    }
}
