package dev.holdfast.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The rooms of this module and who may know whom. */
@AnalyzeClasses(packages = "dev.holdfast.cli", importOptions = ImportOption.DoNotIncludeTests.class)
class RoomsTest {

    @ArchTest
    static final ArchRule whatBecameOfARequestIsPlainJavaOverTheContract = classes()
            .that()
            .resideInAPackage("dev.holdfast.cli.follow")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "org.jspecify..",
                    "org.apache.avro.specific",
                    "dev.holdfast.events",
                    "dev.holdfast.schemas",
                    "dev.holdfast.cli.follow");

    @ArchTest
    static final ArchRule kafkaDoesNotKnowHttpOrTheScreen = noClasses()
            .that()
            .resideInAPackage("dev.holdfast.cli.kafka")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.holdfast.cli.http",
                    "dev.holdfast.cli.screen",
                    "dev.holdfast.cli.settings",
                    "dev.holdfast.cli.command");

    @ArchTest
    static final ArchRule httpDoesNotKnowKafkaOrTheScreen = noClasses()
            .that()
            .resideInAPackage("dev.holdfast.cli.http")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.holdfast.cli.kafka",
                    "dev.holdfast.cli.screen",
                    "dev.holdfast.cli.settings",
                    "dev.holdfast.cli.command");

    @ArchTest
    static final ArchRule theScreenKnowsNoService = noClasses()
            .that()
            .resideInAPackage("dev.holdfast.cli.screen")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.holdfast.cli.kafka",
                    "dev.holdfast.cli.http",
                    "dev.holdfast.cli.settings",
                    "dev.holdfast.cli.command",
                    "org.apache.kafka..");

    @ArchTest
    static final ArchRule theDoctorKnowsNoServiceAndNoScreen = noClasses()
            .that()
            .resideInAPackage("dev.holdfast.cli.doctor")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.holdfast.cli.kafka",
                    "dev.holdfast.cli.http",
                    "dev.holdfast.cli.screen",
                    "dev.holdfast.cli.settings",
                    "dev.holdfast.cli.command",
                    "org.apache.kafka..");

    @ArchTest
    static final ArchRule onlyTheCommandsKnowPicocli = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.holdfast.cli.kafka",
                    "dev.holdfast.cli.http",
                    "dev.holdfast.cli.screen",
                    "dev.holdfast.cli.settings",
                    "dev.holdfast.cli.follow",
                    "dev.holdfast.cli.evidence",
                    "dev.holdfast.cli.doctor",
                    "dev.holdfast.cli.json")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("picocli..");

    @ArchTest
    static final ArchRule noNewHttpClientBecauseItStartsSlowly =
            noClasses().should().dependOnClassesThat().resideInAPackage("java.net.http..");
}
