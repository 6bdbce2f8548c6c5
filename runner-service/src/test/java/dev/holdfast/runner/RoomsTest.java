package dev.holdfast.runner;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.holdfast.runner", importOptions = ImportOption.DoNotIncludeTests.class)
class RoomsTest {

    private static final String[] EDGES = {"intake", "pgbackrest", "postgresql", "publish", "web"};

    @ArchTest
    static final ArchRule theDecisionsArePlainJava = noClasses()
            .that()
            .resideInAnyPackage("..runner.backup..", "..runner.repository..", "..runner.setup..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.holdfast.events..",
                    "dev.holdfast.schemas..",
                    "org.apache..",
                    "io.micrometer..",
                    "com.sun.net..",
                    "com.fasterxml..",
                    "dev.holdfast.runner.intake..",
                    "dev.holdfast.runner.pgbackrest..",
                    "dev.holdfast.runner.postgresql..",
                    "dev.holdfast.runner.publish..",
                    "dev.holdfast.runner.web..")
            .because("what happens to a request must be readable and testable without Kafka, HTTP or a process");

    @ArchTest
    static void edgesDoNotKnowEachOther(com.tngtech.archunit.core.domain.JavaClasses classes) {
        for (String edge : EDGES) {
            for (String other : EDGES) {
                if (!edge.equals(other)) {
                    noClasses()
                            .that()
                            .resideInAPackage("dev.holdfast.runner." + edge + "..")
                            .should()
                            .dependOnClassesThat()
                            .resideInAPackage("dev.holdfast.runner." + other + "..")
                            .because("only the wiring knows all rooms")
                            .check(classes);
                }
            }
        }
    }
}
