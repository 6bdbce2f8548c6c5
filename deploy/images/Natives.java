import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Takes native libraries of other systems than this one out of the jars below a folder: an image or a package runs on one. What the list of materials, if
 * one goes along, says of a jar that is changed becomes its new digest, and a note of what was done. The same for the same jars. Run as it is:
 * {@code java Natives.java FOLDER [SBOM]}.
 */
final class Natives {

    private static final Pattern LIBRARY = Pattern.compile(".+\\.(?:so|dll|dylib|jnilib|a)", Pattern.CASE_INSENSITIVE);
    /** How jars call the processor's kind in their paths. */
    private static final Map<String, String> PROCESSORS = Map.of("amd64", "amd64|x86[_-]64|linux64", "aarch64", "aarch64|arm64");

    private static final String ARCHITECTURE = System.getProperty("os.arch");
    private static final Pattern LINUX = Pattern.compile(".*linux.*", Pattern.CASE_INSENSITIVE);
    private static final Pattern PROCESSOR = Pattern.compile(
            ".*(?:%s).*".formatted(PROCESSORS.getOrDefault(ARCHITECTURE, ARCHITECTURE)), Pattern.CASE_INSENSITIVE);
    private static final Pattern ANOTHER_LIBC = Pattern.compile(".*(?:musl|android).*", Pattern.CASE_INSENSITIVE);

    private Natives() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 1 || arguments.length > 2) {
            System.err.println("Usage: java Natives.java FOLDER [SBOM]");
            System.exit(2);
        }
        Map<String, String> digests = lightened(Path.of(arguments[0]));
        if (arguments.length == 2) {
            Path bill = Path.of(arguments[1]);
            String text = Files.readString(bill);
            for (Map.Entry<String, String> change : digests.entrySet()) {
                text = renamed(text, change.getKey(), change.getValue());
            }
            Files.writeString(bill, text);
        }
    }

    /** Of each jar that was changed the digest before and after. */
    private static Map<String, String> lightened(Path folder) throws IOException {
        Map<String, String> digests = new LinkedHashMap<>();
        for (Path jar : jars(folder)) {
            String before = sha256(jar);
            if (lighten(jar)) {
                digests.put(before, sha256(jar));
            }
        }
        return digests;
    }

    private static List<Path> jars(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        }
    }

    /** Whether there was something to take out. A jar that has nothing for this system is left as it is: its paths are others than we know. */
    private static boolean lighten(Path jar) throws IOException {
        Path lighter = jar.resolveSibling(jar.getFileName() + ".lighter");
        try (ZipFile whole = new ZipFile(jar.toFile())) {
            List<? extends ZipEntry> libraries = whole.stream().filter(Natives::isLibrary).toList();
            long kept = libraries.stream().filter(Natives::isForHere).count();
            if (kept == 0 || kept == libraries.size()) {
                return false;
            }
            try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(lighter))) {
                for (ZipEntry entry : whole.stream().toList()) {
                    if (!isLibrary(entry) || isForHere(entry)) {
                        copy(whole, entry, out);
                    }
                }
            }
        }
        Files.move(lighter, jar, StandardCopyOption.REPLACE_EXISTING);
        return true;
    }

    private static boolean isLibrary(ZipEntry entry) {
        return LIBRARY.matcher(entry.getName()).matches();
    }

    private static boolean isForHere(ZipEntry entry) {
        String path = entry.getName();
        return LINUX.matcher(path).matches()
                && PROCESSOR.matcher(path).matches()
                && !ANOTHER_LIBC.matcher(path).matches();
    }

    private static void copy(ZipFile from, ZipEntry entry, ZipOutputStream to) throws IOException {
        ZipEntry same = new ZipEntry(entry.getName());
        same.setTimeLocal(entry.getTimeLocal());
        to.putNextEntry(same);
        try (InputStream content = from.getInputStream(entry)) {
            content.transferTo(to);
        }
        to.closeEntry();
    }

    private static String renamed(String bill, String before, String after) {
        Matcher hashes = Pattern.compile("\"hashes\"\\s*:\\s*\\[[^\\]]*\"%s\"[^\\]]*\\]".formatted(before)).matcher(bill);
        if (!hashes.find()) {
            throw new IllegalStateException("the list of materials has no jar with SHA-256 " + before);
        }
        return hashes.replaceFirst(Matcher.quoteReplacement(
                "\"hashes\" : [ { \"alg\" : \"SHA-256\", \"content\" : \"%s\" } ], \"pedigree\" : { \"notes\" : \"without the native libraries of other systems than Linux on %s\" }"
                        .formatted(after, ARCHITECTURE)));
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }
}
