package dev.holdfast.testsupport.reference;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.doctree.StartElementTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import dev.holdfast.testsupport.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** The Java sources of one module as the compiler reads them: what people say of the code stands in no class file. */
public final class ModuleSources {

    /** Between what a thing is and what to do about it. */
    private static final String PARAGRAPH = "\n\n";

    /** How the kind of a problem looks; its title, which may stand at the same place, has blanks. */
    private static final Pattern PROBLEM = Pattern.compile("[a-z]+(-[a-z]+)*");

    private final List<CompilationUnitTree> units;
    private final DocTrees comments;

    private ModuleSources(List<CompilationUnitTree> units, DocTrees comments) {
        this.units = units;
        this.comments = comments;
    }

    /**
     * Something that has a name and a comment.
     *
     * @param name its name
     * @param type its type as the source writes it; empty where it has none
     * @param text the comment: code in backticks, paragraphs separated by an empty line
     * @param place file and type, for messages
     */
    public record Commented(String name, String type, String text, String place) {}

    /**
     * Reads {@code src/main/java} of a module.
     *
     * @param module its folder in the checkout
     */
    public static ModuleSources of(String module) {
        Path folder = Checkout.root().resolve(module).resolve("src/main/java");
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (Stream<Path> tree = Files.walk(folder);
                StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            List<Path> sources = tree.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources));
            List<CompilationUnitTree> units = new ArrayList<>();
            task.parse().forEach(units::add);
            return new ModuleSources(units, DocTrees.instance(task));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + folder, e);
        }
    }

    /** Text constants in the code, with the place where each stands first. */
    public SortedMap<String, String> texts() {
        SortedMap<String, String> texts = new TreeMap<>();
        scan(new Reader() {
            @Override
            public @Nullable Void visitLiteral(com.sun.source.tree.LiteralTree literal, Void nothing) {
                if (literal.getValue() instanceof String text) {
                    texts.putIfAbsent(text, place());
                }
                return super.visitLiteral(literal, nothing);
            }
        });
        return texts;
    }

    /** Components of records, with what {@code @param} says of them. */
    public List<Commented> components() {
        List<Commented> found = new ArrayList<>();
        scan(new Reader() {
            @Override
            public @Nullable Void visitClass(ClassTree type, Void nothing) {
                DocCommentTree comment = type.getKind() == Tree.Kind.RECORD ? comment() : null;
                if (comment != null) {
                    comment.getBlockTags().stream()
                            .filter(ParamTree.class::isInstance)
                            .map(ParamTree.class::cast)
                            .map(param -> new Commented(
                                    param.getName().toString(),
                                    typeOf(type, param.getName().toString()),
                                    words(param.getDescription()),
                                    place()))
                            .forEach(found::add);
                }
                return super.visitClass(type, nothing);
            }
        });
        return found;
    }

    /** Fields that hold a text constant, by that text, and what is said of them. */
    public List<Commented> constants() {
        List<Commented> found = new ArrayList<>();
        scan(new Reader() {
            @Override
            public @Nullable Void visitVariable(VariableTree field, Void nothing) {
                DocCommentTree comment = comment();
                if (comment != null
                        && field.getInitializer() instanceof com.sun.source.tree.LiteralTree literal
                        && literal.getValue() instanceof String text) {
                    found.add(new Commented(text, "String", words(comment.getFullBody()), place()));
                }
                return super.visitVariable(field, nothing);
            }
        });
        return found;
    }

    /**
     * The constants of an enum in their order, and what is said of each.
     *
     * @param name the enum's simple name
     */
    public List<Commented> enumConstants(String name) {
        List<Commented> found = new ArrayList<>();
        scan(new Reader() {
            @Override
            public @Nullable Void visitVariable(VariableTree constant, Void nothing) {
                if (getCurrentPath().getParentPath().getLeaf() instanceof ClassTree type
                        && type.getKind() == Tree.Kind.ENUM
                        && type.getSimpleName().contentEquals(name)
                        && isConstantOf(constant, name)) {
                    DocCommentTree comment = comment();
                    found.add(new Commented(
                            constant.getName().toString(),
                            name,
                            comment == null ? "" : words(comment.getFullBody()),
                            place()));
                }
                return super.visitVariable(constant, nothing);
            }
        });
        return found;
    }

    /** The first sentence about each method, by {@code Type.method}. */
    public Map<String, String> methods() {
        Map<String, String> found = new LinkedHashMap<>();
        scan(new Reader() {
            @Override
            public @Nullable Void visitMethod(MethodTree method, Void nothing) {
                DocCommentTree comment = comment();
                if (comment != null && getCurrentPath().getParentPath().getLeaf() instanceof ClassTree type) {
                    found.putIfAbsent(type.getSimpleName() + "." + method.getName(), words(comment.getFirstSentence()));
                }
                return super.visitMethod(method, nothing);
            }
        });
        return found;
    }

    /** Kinds of problems over HTTP: a word that a call passes behind a status of {@code HttpStatus}, and that status's name. */
    public SortedMap<String, String> problems() {
        SortedMap<String, String> found = new TreeMap<>();
        scan(new Reader() {
            @Override
            public @Nullable Void visitMethodInvocation(MethodInvocationTree call, Void nothing) {
                List<? extends ExpressionTree> arguments = call.getArguments();
                for (int i = 1; i < arguments.size(); i++) {
                    if (arguments.get(i - 1) instanceof MemberSelectTree status
                            && status.getExpression().toString().equals("HttpStatus")
                            && arguments.get(i) instanceof com.sun.source.tree.LiteralTree literal
                            && literal.getValue() instanceof String type
                            && PROBLEM.matcher(type).matches()) {
                        found.put(type, status.getIdentifier().toString());
                    }
                }
                return super.visitMethodInvocation(call, nothing);
            }
        });
        return found;
    }

    private void scan(Reader reader) {
        units.forEach(unit -> reader.scan(unit, null));
    }

    private static boolean isConstantOf(VariableTree variable, String name) {
        return variable.getType() != null && variable.getType().toString().equals(name);
    }

    private static String typeOf(ClassTree record, String component) {
        return record.getMembers().stream()
                .filter(VariableTree.class::isInstance)
                .map(VariableTree.class::cast)
                .filter(field -> field.getName().contentEquals(component))
                .map(field -> field.getType().toString())
                .findFirst()
                .orElse("");
    }

    /** A comment as Markdown on one line a paragraph. */
    private static String words(List<? extends DocTree> comment) {
        StringBuilder text = new StringBuilder();
        for (DocTree part : comment) {
            text.append(
                    switch (part) {
                        case TextTree plain -> plain.getBody().replaceAll("\\s+", " ");
                        case LiteralTree code ->
                            "`" + code.getBody().getBody().strip().replaceAll("\\s+", " ") + "`";
                        case LinkTree link ->
                            "`" + link.getReference().getSignature().replace("#", "") + "`";
                        case StartElementTree element when element.getName().contentEquals("p") -> PARAGRAPH;
                        default -> "";
                    });
        }
        return text.toString().replaceAll(" *\n\n *", PARAGRAPH).strip();
    }

    /** Walks a source with its comments at hand. */
    private class Reader extends TreePathScanner<@Nullable Void, @Nullable Void> {

        @Nullable
        DocCommentTree comment() {
            return comments.getDocCommentTree(getCurrentPath());
        }

        String place() {
            return Path.of(getCurrentPath().getCompilationUnit().getSourceFile().getName())
                    .getFileName()
                    .toString();
        }
    }
}
