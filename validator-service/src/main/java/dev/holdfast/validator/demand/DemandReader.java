package dev.holdfast.validator.demand;

import dev.holdfast.validator.proof.Assertion;
import dev.holdfast.validator.proof.Demands;
import dev.holdfast.validator.proof.Expectation;
import java.io.StringReader;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/** Reads a file of demands. Builds no objects of the file's choosing: it walks the file's own tree. */
final class DemandReader {

    private static final int MOST = 200;
    private static final int LONGEST_SQL = 16_384;
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration LONGEST_LIMIT = Duration.ofHours(2);
    private static final Pattern NAME = Pattern.compile("[\\p{Alnum}][\\p{Alnum} ._-]{0,79}");
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?) *%");
    private static final Set<String> FILE = new LinkedHashSet<>(List.of("assertions", "schema-change"));
    private static final Set<String> ASSERTION = new LinkedHashSet<>(
            List.of("name", "database", "sql", "expect", "tolerance", "at-least", "at-most", "severity", "timeout"));

    private final String source;

    /** A reader of this file. */
    DemandReader(String source) {
        this.source = source;
    }

    Demands read(String text) throws BadDemandException {
        Node root = tree(text);
        Fields fields = Fields.of(root, "the file", FILE);
        List<Assertion> assertions = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Node node : fields.list("assertions")) {
            Assertion assertion = assertion(node);
            if (!names.add(assertion.name())) {
                throw BadDemandException.at(node, "a second assertion is named '%s'".formatted(assertion.name()));
            }
            assertions.add(assertion);
        }
        if (assertions.size() > MOST) {
            throw BadDemandException.at(
                    root, "%d assertions, at most %d are possible".formatted(assertions.size(), MOST));
        }
        return new Demands(
                Optional.of(source),
                assertions,
                choice(fields, "schema-change", "report", "fail").equals("fail"));
    }

    private static Node tree(String text) throws BadDemandException {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(0);
        options.setNestingDepthLimit(8);
        try {
            Node root = new Yaml(new SafeConstructor(options)).compose(new StringReader(text));
            if (root == null) {
                throw BadDemandException.ofEmptyFile();
            }
            return root;
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            throw BadDemandException.because("line %d: not YAML: %s".formatted(line, e.getProblem()), e);
        } catch (YAMLException e) {
            throw BadDemandException.because("not YAML: " + e.getMessage(), e);
        }
    }

    private static Assertion assertion(Node node) throws BadDemandException {
        Fields fields = Fields.of(node, "an assertion", ASSERTION);
        String name = fields.required("name", "a few words");
        if (!NAME.matcher(name).matches()) {
            throw BadDemandException.at(
                    fields.node("name"),
                    "field 'name' is '%s'; expected at most 80 letters, digits, spaces, dots, underscores and hyphens"
                            .formatted(name));
        }
        String sql = fields.required("sql", "one query").replaceFirst("\\s*;\\s*$", "");
        if (sql.length() > LONGEST_SQL || sql.indexOf('\0') >= 0) {
            throw BadDemandException.at(
                    fields.node("sql"), "field 'sql' is longer than 16384 characters, or has a NUL");
        }
        return new Assertion(
                name,
                fields.required("database", "a database's name"),
                sql,
                expectation(fields),
                choice(fields, "severity", "fail", "warn").equals("fail")
                        ? Assertion.Severity.FAIL
                        : Assertion.Severity.WARN,
                timeout(fields));
    }

    private static Expectation expectation(Fields fields) throws BadDemandException {
        boolean bounds = fields.has("at-least") || fields.has("at-most");
        if (bounds == fields.has("expect")) {
            throw BadDemandException.at(
                    fields.owner(), "expected either field 'expect', or 'at-least', 'at-most' or both of them");
        }
        if (bounds && fields.has("tolerance")) {
            throw BadDemandException.at(fields.node("tolerance"), "field 'tolerance' goes with 'expect' only");
        }
        return bounds
                ? new Expectation.Between(number(fields, "at-least"), number(fields, "at-most"))
                : expected(fields);
    }

    private static Expectation expected(Fields fields) throws BadDemandException {
        String value = fields.required("expect", "a value");
        if (Expectation.NUMBER.matcher(value).matches()) {
            BigDecimal number = new BigDecimal(value);
            return new Expectation.Numeric(number, tolerance(fields, number));
        }
        if (fields.has("tolerance")) {
            throw BadDemandException.at(
                    fields.node("tolerance"),
                    "field 'tolerance' goes with a number, and field 'expect' is '%s'".formatted(value));
        }
        return new Expectation.Text(value);
    }

    private static BigDecimal tolerance(Fields fields, BigDecimal expected) throws BadDemandException {
        Optional<String> text = fields.text("tolerance");
        if (text.isEmpty()) {
            return BigDecimal.ZERO;
        }
        Matcher percent = PERCENT.matcher(text.get());
        if (percent.matches()) {
            return expected.abs().multiply(new BigDecimal(percent.group(1))).movePointLeft(2);
        }
        BigDecimal tolerance = number(fields, "tolerance").orElse(BigDecimal.ZERO);
        if (tolerance.signum() < 0) {
            throw BadDemandException.at(
                    fields.node("tolerance"),
                    "field 'tolerance' is '%s'; expected a number from 0, or such as 5%%".formatted(text.get()));
        }
        return tolerance;
    }

    private static Optional<BigDecimal> number(Fields fields, String name) throws BadDemandException {
        Optional<String> text = fields.text(name);
        if (text.isPresent() && !Expectation.NUMBER.matcher(text.get()).matches()) {
            throw BadDemandException.at(
                    fields.node(name), "field '%s' is '%s'; expected a number".formatted(name, text.get()));
        }
        return text.map(BigDecimal::new);
    }

    private static Duration timeout(Fields fields) throws BadDemandException {
        Optional<String> text = fields.text("timeout");
        try {
            Duration limit = text.map(Duration::parse).orElse(LIMIT);
            if (limit.toMillis() > 0 && limit.compareTo(LONGEST_LIMIT) <= 0) {
                return limit;
            }
        } catch (DateTimeParseException | ArithmeticException e) {
            throw badTimeout(fields, text);
        }
        throw badTimeout(fields, text);
    }

    private static BadDemandException badTimeout(Fields fields, Optional<String> text) {
        return BadDemandException.at(
                fields.node("timeout"),
                "field 'timeout' is '%s'; expected a duration up to PT2H, such as PT30S".formatted(text.orElse("")));
    }

    /** One of two words; the first where the field is not there. */
    private static String choice(Fields fields, String name, String usual, String other) throws BadDemandException {
        String word = fields.text(name).orElse(usual);
        if (!word.equals(usual) && !word.equals(other)) {
            throw BadDemandException.at(
                    fields.node(name), "field '%s' is '%s'; expected %s or %s".formatted(name, word, usual, other));
        }
        return word;
    }
}
