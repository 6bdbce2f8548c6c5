package dev.holdfast.cli.screen;

import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a command writes: data to {@code out}, talk to {@code err}.
 *
 * @param out stdout, for data only
 * @param err stderr, for everything said to a person
 * @param isTerminal true if a person watches {@code err}: progress may then be redrawn in place
 * @param look how data look on {@code out}
 */
public record Console(PrintWriter out, PrintWriter err, boolean isTerminal, Look look) {

    /** The process's own streams. Nothing reaches {@code out} before it is flushed. */
    public static Console ofProcess() {
        return new Console(
                writer(FileDescriptor.out, StandardCharsets.UTF_8),
                writer(FileDescriptor.err, StandardCharsets.UTF_8),
                isTerminal(2),
                isTerminal(1) ? Look.ofTerminal(System.getenv()) : Look.PLAIN);
    }

    private static PrintWriter writer(FileDescriptor descriptor, Charset charset) {
        return new PrintWriter(
                new BufferedWriter(new OutputStreamWriter(new FileOutputStream(descriptor), charset)), false);
    }

    /** Asked of the kernel: {@code System.console()} speaks of stdin and stdout together, and loads much to do so. */
    private static boolean isTerminal(int descriptor) {
        try {
            Path target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor));
            return target.startsWith("/dev/pts") || target.toString().startsWith("/dev/tty");
        } catch (IOException e) {
            return false; // no /proc: one line a phase reads well everywhere
        }
    }

    /** Says something to the person. */
    public void say(String text) {
        err.println(text);
        err.flush();
    }

    /** Writes a line of data at once; its first word may have a colour. */
    public void data(String line) {
        out.println(look.colours() ? Palette.painted(line) : line);
        out.flush();
    }
}
