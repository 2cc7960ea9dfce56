package io.github.akashgen2api;

import java.util.Set;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.Architectures;
import org.junit.jupiter.api.Test;

import org.springframework.stereotype.Component;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The map of the README, held against the code.
 */
class ArchitectureTests {

	private static final String ROOT = "io.github.akashgen2api";

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		// Spring's own, which lie beside ours once a jar was built.
		.withImportOption((location) -> !location.contains("__"))
		.importPackages(ROOT);

	@Test
	void packagesImportOnlyAlongTheArrows() {
		Architectures.layeredArchitecture()
			.consideringOnlyDependenciesInLayers()
			.layer("akash")
			.definedBy(ROOT + ".akash")
			.layer("polling")
			.definedBy(ROOT + ".polling")
			.layer("images")
			.definedBy(ROOT + ".images")
			.layer("jobs")
			.definedBy(ROOT + ".jobs")
			.layer("generation")
			.definedBy(ROOT + ".generation")
			.layer("openai")
			.definedBy(ROOT + ".openai")
			.layer("futures")
			.definedBy(ROOT + ".futures")
			.layer("budget")
			.definedBy(ROOT + ".budget")
			.layer("shutdown")
			.definedBy(ROOT + ".shutdown")
			.layer("web")
			.definedBy(ROOT + ".web")
			.layer("web.error")
			.definedBy(ROOT + ".web.error")
			.layer("web.access")
			.definedBy(ROOT + ".web.access")
			.layer("web.body")
			.definedBy(ROOT + ".web.body")
			.layer("web.server")
			.definedBy(ROOT + ".web.server")
			.layer("status")
			.definedBy(ROOT + ".status")
			.layer("page")
			.definedBy(ROOT + ".page")
			.layer("settings")
			.definedBy(ROOT + ".settings")
			.layer("root")
			.definedBy(ROOT)
			.whereLayer("akash")
			.mayOnlyBeAccessedByLayers("polling", "images", "jobs", "generation", "openai", "shutdown", "web.error")
			.whereLayer("polling")
			.mayOnlyBeAccessedByLayers("images", "generation", "openai", "web.error")
			.whereLayer("images")
			.mayOnlyBeAccessedByLayers("generation", "openai", "web.error")
			.whereLayer("generation")
			.mayOnlyBeAccessedByLayers("openai", "web.error")
			.whereLayer("openai")
			.mayOnlyBeAccessedByLayers("web.error")
			.whereLayer("jobs")
			.mayOnlyBeAccessedByLayers("generation", "openai", "web.error")
			.whereLayer("futures")
			.mayOnlyBeAccessedByLayers("akash", "polling", "images", "generation")
			.whereLayer("budget")
			.mayOnlyBeAccessedByLayers("akash", "generation", "openai", "web.body", "web.error")
			.whereLayer("shutdown")
			.mayOnlyBeAccessedByLayers("images", "generation", "openai", "web.error")
			.whereLayer("web")
			.mayOnlyBeAccessedByLayers("images", "openai", "page", "web.error", "web.access", "web.body")
			.whereLayer("web.access")
			.mayOnlyBeAccessedByLayers("web.error")
			.whereLayer("web.body")
			.mayOnlyBeAccessedByLayers("openai", "web.access", "web.error")
			.whereLayer("web.server")
			.mayOnlyBeAccessedByLayers("images", "openai")
			.whereLayer("web.error")
			.mayNotBeAccessedByAnyLayer()
			.whereLayer("status")
			.mayNotBeAccessedByAnyLayer()
			.whereLayer("page")
			.mayNotBeAccessedByAnyLayer()
			.whereLayer("settings")
			.mayNotBeAccessedByAnyLayer()
			.whereLayer("root")
			.mayNotBeAccessedByAnyLayer()
			.because("when AkashGen changes one folder changes, and a newcomer opens the folders in this order")
			.check(CLASSES);
	}

	@Test
	void onlyAkashSpeaksHttpToTheUpstream() {
		ArchRuleDefinition.noClasses()
			.that()
			.resideOutsideOfPackage(ROOT + ".akash")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.apache.hc..", "org.springframework.web.client..",
					"org.springframework.http.client..")
			.because("only AkashGen's own address may ever be contacted, and one package answers for that")
			.check(CLASSES);
	}

	@Test
	void nothingSpeaksHttpThroughAnotherClient() {
		ArchRuleDefinition.noClasses()
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("java.net.http..", "org.eclipse.jetty.client..")
			.because("one client has the timeouts, the proxy and the bounds that exchanges with AkashGen need")
			.check(CLASSES);
	}

	@Test
	void onlyThoseWhoBoundSomethingKnowResilience4j() {
		ArchRuleDefinition.noClasses()
			.that()
			.resideOutsideOfPackages(ROOT + ".akash", ROOT + ".polling", ROOT + ".images", ROOT + ".generation",
					ROOT + ".web.access")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("io.github.resilience4j..")
			.because(
					"what is asked of AkashGen, how often a job is looked at, how many wait and what a key may are each bounded where they happen")
			.check(CLASSES);
	}

	@Test
	void pollingAndGenerationKnowNoWebAndNoJson() {
		ArchRuleDefinition.noClasses()
			.that()
			.resideInAnyPackage(ROOT + ".polling", ROOT + ".generation")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework.web..", "org.springframework.http..", "jakarta.servlet..",
					"tools.jackson..")
			.because("waiting and painting have nothing to do with how either side is spoken to")
			.check(CLASSES);
	}

	@Test
	void webBodyKnowsNoOtherPackage() {
		ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage(ROOT + ".web.body")
			.should()
			.dependOnClassesThat(DescribedPredicate.describe("are of another package of ours", (type) -> type
				.getPackageName()
				.startsWith(ROOT)
					&& !Set.of(ROOT + ".web.body", ROOT + ".web", ROOT + ".budget").contains(type.getPackageName())))
			.because("how a body is read has nothing to do with what is in it; only the memory for it is shared")
			.check(CLASSES);
	}

	@Test
	void noBeanHangsOnASetting() {
		ArchRuleDefinition.noClasses()
			.should()
			.dependOnClassesThat()
			.resideInAPackage("org.springframework.boot.autoconfigure.condition..")
			.because("ahead-of-time processing freezes conditions when the image is built")
			.check(CLASSES);
	}

	@Test
	void beansHaveOnlyFinalFields() {
		ArchRuleDefinition.classes()
			.that()
			.areAnnotatedWith(Component.class)
			.or()
			.areMetaAnnotatedWith(Component.class)
			.should()
			.haveOnlyFinalFields()
			.because("many threads share a bean, so what changes in it belongs into an object made for that")
			.check(CLASSES);
	}

	@Test
	void testRunFindsOneMainClass() {
		assertThat(new ClassFileImporter().withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
			.importPackages(ROOT)
			.stream()
			.flatMap((type) -> type.getMethods().stream())
			.filter((method) -> method.getName().equals("main"))
			.map((method) -> method.getOwner().getSimpleName())).containsExactly("TestAkashGen2ApiApplication");
	}

}
