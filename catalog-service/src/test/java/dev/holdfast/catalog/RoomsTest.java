package dev.holdfast.catalog;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The rooms of the catalog, as package-info and README draw them. */
@AnalyzeClasses(packages = "dev.holdfast.catalog", importOptions = ImportOption.DoNotIncludeTests.class)
class RoomsTest {

    @ArchTest
    static final ArchRule edgesDoNotKnowEachOther = slices().matching(
                    "dev.holdfast.catalog.(intake|store|web|metrics|publish|traces|access)..")
            .should()
            .notDependOnEachOther();

    @ArchTest
    static final ArchRule featuresDoNotKnowTheEdges = noClasses()
            .that()
            .resideInAnyPackage("..catalog.history..", "..catalog.answers..", "..catalog.asking..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "..catalog.intake..",
                    "..catalog.store..",
                    "..catalog.web..",
                    "..catalog.metrics..",
                    "..catalog.publish..",
                    "..catalog.traces..",
                    "..catalog.access..");

    @ArchTest
    static final ArchRule historyIsPlainJava = classes()
            .that()
            .resideInAPackage("..catalog.history..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.slf4j..", "org.jspecify..", "..catalog.history..");

    @ArchTest
    static final ArchRule answersAreRecordsOfJson = classes()
            .that()
            .resideInAPackage("..catalog.answers..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "org.jspecify..",
                    "com.fasterxml.jackson.annotation..",
                    "tools.jackson..",
                    "..catalog.answers..");

    @ArchTest
    static final ArchRule onlyIntakeAndPublishKnowKafka = noClasses()
            .that()
            .resideOutsideOfPackages("..catalog.intake..", "..catalog.publish..", "dev.holdfast.catalog")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "org.apache.avro..");

    @ArchTest
    static final ArchRule onlyTheStoreKnowsSql = noClasses()
            .that()
            .resideOutsideOfPackages("..catalog.store..", "dev.holdfast.catalog")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "org.postgresql..", "org.springframework.jdbc..", "org.flywaydb..");
}
