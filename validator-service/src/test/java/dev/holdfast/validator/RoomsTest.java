package dev.holdfast.validator;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The rooms and who may know whom. */
@AnalyzeClasses(packages = "dev.holdfast.validator", importOptions = ImportOption.DoNotIncludeTests.class)
class RoomsTest {

    @ArchTest
    static final ArchRule theDecisionsArePlainJava = noClasses()
            .that()
            .resideInAnyPackage("..proof..", "..claim..", "..evidence..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.holdfast.events..",
                    "org.springframework..",
                    "org.apache..",
                    "com.github.dockerjava..",
                    "io.fabric8..")
            .because("what a proof says must be readable and testable without Kafka, Spring or an engine");

    @ArchTest
    static final ArchRule edgesDoNotKnowEachOther = slices().matching("dev.holdfast.validator.(*)..")
            .should()
            .notDependOnEachOther()
            .ignoreDependency(
                    alwaysTrue(),
                    resideInAnyPackage(
                            "dev.holdfast.validator.proof..",
                            "dev.holdfast.validator.claim..",
                            "dev.holdfast.validator.evidence.."));

    @ArchTest
    static final ArchRule theProofKnowsNobody = noClasses()
            .that()
            .resideInAPackage("..validator.proof..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..validator.claim..", "..validator.evidence..");
}
