import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Prints the list of materials (CycloneDX, JSON) of a program that we only package: every jar below a folder, with what the jar says of itself. The
 * same for the same jars. Run as it is: {@code java Bill.java FOLDER NAME VERSION}.
 */
final class Bill {

    private static final Pattern FILE = Pattern.compile("(?<name>.+?)(?:-(?<version>\\d[^/]*))?\\.jar");

    /** One jar; empty where it does not say. */
    private record Material(
            String group, String name, String version, Optional<String> licence, boolean published, String sha256) {

        String json() {
            List<String> fields = new ArrayList<>(List.of(field("type", "library")));
            if (!group.isEmpty()) {
                fields.add(field("group", group));
            }
            fields.add(field("name", name));
            fields.add(field("version", version));
            fields.add("\"hashes\": [{%s, %s}]".formatted(field("alg", "SHA-256"), field("content", sha256)));
            licence.ifPresent(text -> fields.add("\"licenses\": [{\"license\": {%s}}]".formatted(field("name", text))));
            if (published) {
                fields.add(field("purl", "pkg:maven/%s/%s@%s?type=jar".formatted(group, name, version)));
            }
            return "    {" + String.join(", ", fields) + "}";
        }
    }

    private Bill() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 3) {
            System.err.println("Usage: java Bill.java FOLDER NAME VERSION");
            System.exit(2);
        }
        System.out.printf(
                """
                {
                  "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
                  "metadata": {"component": {"type": "application", %s, %s}},
                  "components": [
                %s
                  ]
                }
                """,
                field("name", arguments[1]),
                field("version", arguments[2]),
                jars(Path.of(arguments[0])).map(Bill::material).map(Material::json).collect(Collectors.joining(",\n")));
    }

    private static Stream<Path> jars(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(file -> file.toString().endsWith(".jar")).sorted().toList().stream();
        }
    }

    /** By Maven's own note in the jar, where there is just one: a jar with several has others' classes in it. Else by its file name. */
    private static Material material(Path file) {
        try (JarFile jar = new JarFile(file.toFile())) {
            List<Properties> notes = new ArrayList<>();
            for (var entry : jar.stream()
                    .filter(one -> one.getName().matches("META-INF/maven/[^/]+/[^/]+/pom.properties"))
                    .toList()) {
                Properties note = new Properties();
                try (InputStream text = jar.getInputStream(entry)) {
                    note.load(text);
                }
                notes.add(note);
            }
            Optional<String> licence = Optional.ofNullable(jar.getManifest())
                    .map(manifest -> manifest.getMainAttributes().getValue("Bundle-License"));
            if (notes.size() == 1) {
                Properties note = notes.getFirst();
                return new Material(
                        note.getProperty("groupId", ""),
                        note.getProperty("artifactId", ""),
                        note.getProperty("version", ""),
                        licence,
                        true,
                        sha256(file));
            }
            Matcher name = FILE.matcher(file.getFileName().toString());
            name.matches();
            return new Material(
                    "",
                    name.group("name"),
                    Optional.ofNullable(name.group("version")).orElse("unknown"),
                    licence,
                    false,
                    sha256(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }

    private static String field(String name, String value) {
        return "\"%s\": \"%s\"".formatted(name, value.strip().replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\s+", " "));
    }
}
