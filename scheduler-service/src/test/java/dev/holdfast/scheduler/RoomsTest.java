package dev.holdfast.scheduler;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.holdfast.scheduler", importOptions = ImportOption.DoNotIncludeTests.class)
class RoomsTest {

    @ArchTest
    static final ArchRule theDecisionsArePlainJava = noClasses()
            .that()
            .resideInAnyPackage("..cron..", "..policy..", "..slot..", "..stanza..", "..gate..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..", "org.apache.kafka..")
            .because("when a backup is due must be readable and testable without Kafka and Spring");

    @ArchTest
    static final ArchRule edgesKnowOnlyTheDecisions = slices().matching("dev.holdfast.scheduler.(*)..")
            .should()
            .notDependOnEachOther()
            .ignoreDependency(
                    alwaysTrue(),
                    resideInAnyPackage(
                            "..scheduler.cron",
                            "..scheduler.policy",
                            "..scheduler.slot",
                            "..scheduler.stanza",
                            "..scheduler.gate",
                            "..scheduler.log"));

    @ArchTest
    static final ArchRule theCalendarKnowsNothingElse = noClasses()
            .that()
            .resideInAPackage("..cron..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.holdfast.events..", "dev.holdfast.schemas..");
}
