package io.longline.bench.rules;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameStartingWith;
import static com.tngtech.archunit.lang.conditions.ArchConditions.dependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The plan of the house (CONTRIBUTING.md), held for every class of the project. */
final class HouseRulesTest {
    private static final List<String> SERVICES =
            List.of("center", "coordinator", "dispatcher", "register", "room", "saver");

    private static JavaClasses all = new ClassFileImporter().importClasses();

    @BeforeAll
    static void importOurClasses() {
        all = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.longline");
    }

    /** Otherwise every rule below would hold for nothing. */
    @Test
    void theWholeReactorIsLookedAt() {
        for (String module : List.of(
                "center",
                "coordinator",
                "dispatcher",
                "register",
                "room",
                "saver",
                "keeper",
                "sdk",
                "backend",
                "frames",
                "stores",
                "deploy",
                "bench")) {
            assertThat(all.stream().filter(resideInAPackage("io.longline." + module + "..")))
                    .as(module)
                    .isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"center", "coordinator", "dispatcher", "register", "room", "saver"})
    void servicesImportProtoAndKeeperAndNeverEachOther(String service) {
        String[] ours = {
            "io.longline." + service + "..",
            "io.longline.keeper..",
            "io.longline.rpc..",
            "io.longline.v1..",
            "io.longline.frames.."
        };
        noClasses()
                .that(resideInAPackage("io.longline." + service + ".."))
                .should(dependOnClassesThat(oursBut(ours)))
                .check(all);
    }

    @Test
    void keeperProtoAndStoresImportNothingOfOurs() {
        noClasses()
                .that(resideInAPackage("io.longline.keeper.."))
                .should(dependOnClassesThat(oursBut("io.longline.keeper..")))
                .check(all);
        noClasses()
                .that(resideInAnyPackage("io.longline.frames..", "io.longline.v1..", "io.longline.rpc.."))
                .should(dependOnClassesThat(oursBut("io.longline.frames..", "io.longline.v1..", "io.longline.rpc..")))
                .check(all);
        noClasses()
                .that(resideInAPackage("io.longline.stores.."))
                .should(dependOnClassesThat(oursBut("io.longline.stores..")))
                .check(all);
    }

    @Test
    void theSdkImportsFramesAlone() {
        noClasses()
                .that(resideInAPackage("io.longline.sdk.."))
                .should(dependOnClassesThat(oursBut("io.longline.sdk..", "io.longline.frames..", "io.longline.v1..")))
                .check(all);
        noClasses()
                .that(resideInAnyPackage("io.longline.sdk..", "io.longline.frames..", "io.longline.v1.."))
                .should(dependOnClassesThat(resideInAnyPackage("io.grpc..", "io.netty..", "org.slf4j..")))
                .check(all);
    }

    @Test
    void theClientForBackEndsImportsJacksonAlone() {
        noClasses()
                .that(resideInAPackage("io.longline.backend.."))
                .should(dependOnClassesThat(oursBut("io.longline.backend..")))
                .check(all);
    }

    @Test
    void onlyRedisClassesTouchLettuceOnlyMysqlClassesJdbcOnlyZkClassesCurator() {
        onlyClassesNamed("Redis", "io.lettuce..");
        onlyClassesNamed("Mysql", "java.sql..", "javax.sql..", "com.zaxxer..", "org.flywaydb..");
        onlyClassesNamed("Zk", "org.apache.curator..", "org.apache.zookeeper..");
    }

    private static void onlyClassesNamed(String prefix, String... library) {
        noClasses()
                .that(resideInAPackage("io.longline.."))
                .and(not(resideInAPackage("io.longline.stores..")))
                .and(not(outermost(simpleNameStartingWith(prefix))))
                .should(dependOnClassesThat(resideInAnyPackage(library)))
                .check(all);
    }

    @Test
    void onlyTheTransportOfTheRoomTheLinksOfTheBenchAndWhoMergesWritesToRedisKnowChannels() {
        DescribedPredicate<JavaClass> channels = resideInAPackage("io.netty.channel..")
                .and(not(simpleNameStartingWith("EventLoop")))
                .as("classes of io.netty.channel beyond EventLoop");
        noClasses()
                .that(resideInAPackage("io.longline.."))
                .and(not(resideInAnyPackage(
                        "io.longline.room.transport..", "io.longline.bench.crowd..", "io.longline.bench.push..")))
                .and(not(simpleName("RedisWrites")))
                .should(dependOnClassesThat(channels))
                .check(all);
    }

    /**
     * Flows, stores and sessions see our own records. The edge are the entrances, the clients, the translators between
     * both, and the server that puts them together.
     */
    @Test
    void generatedMessagesStopAtTheEdge() {
        List<String> edges = List.of("GrpcService", "Client", "Server", "Wire", "Messages");
        DescribedPredicate<JavaClass> edge = outermost(DescribedPredicate.describe(
                "are an edge: " + edges, type -> edges.stream().anyMatch(type.getSimpleName()::endsWith)));
        noClasses()
                .that(resideInAnyPackage(SERVICES.stream()
                        .map(name -> "io.longline." + name + "..")
                        .toArray(String[]::new)))
                .and(not(edge))
                .should(dependOnClassesThat(resideInAPackage("io.longline.rpc..")))
                .check(all);
    }

    /**
     * A class is named by a word of the domain or ends in its role: Main Server Config Metrics GrpcService Http Client Handler
     * Flow Outcome Policy Table Index Store Queue Cache Keys; in deploy Command, too. A new role is added here.
     */
    @Test
    void noNameSaysNothing() {
        List<String> empty = List.of("Manager", "Helper", "Util", "Utils", "Common", "Base", "Impl", "Info", "Data");
        assertThat(all.stream().filter(not(generated())).map(JavaClass::getSimpleName))
                .noneMatch(name -> empty.stream().anyMatch(name::endsWith));
        List<String> layers = List.of("controller", "service", "dao", "model", "util", "impl", "common");
        assertThat(all.stream()
                        .filter(resideInAnyPackage(SERVICES.stream()
                                .map(name -> "io.longline." + name + "..")
                                .toArray(String[]::new)))
                        .map(type -> type.getPackageName()
                                .substring(type.getPackageName().lastIndexOf('.') + 1)))
                .doesNotContainAnyElementsOf(layers);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "center",
                "coordinator",
                "dispatcher",
                "register",
                "room",
                "saver",
                "keeper",
                "sdk",
                "frames",
                "deploy",
                "bench"
            })
    void packagesOfAModuleFormNoCycles(String module) {
        slices().matching("io.longline." + module + ".(**)")
                .should()
                .beFreeOfCycles()
                .check(all);
    }

    @Test
    void everyPackageSaysWhatItIsForAndThatNothingIsNull() {
        List<String> silent = all.stream()
                .filter(not(generated()))
                .map(JavaClass::getPackage)
                .distinct()
                .filter(each -> each.tryGetAnnotationOfType("org.jspecify.annotations.NullMarked")
                        .isEmpty())
                .map(each -> each.getName())
                .toList();
        assertThat(silent)
                .as("packages without a package-info.java with @NullMarked")
                .isEmpty();
    }

    private static DescribedPredicate<JavaClass> oursBut(String... packages) {
        return resideInAPackage("io.longline..")
                .and(not(resideInAnyPackage(packages)))
                .as("classes of ours outside of " + Arrays.toString(packages));
    }

    private static DescribedPredicate<JavaClass> generated() {
        return resideInAnyPackage("io.longline.rpc.v1..", "io.longline.v1..");
    }

    /** Lambdas and nested classes are judged by the class of their file. */
    private static DescribedPredicate<JavaClass> outermost(DescribedPredicate<? super JavaClass> predicate) {
        return DescribedPredicate.describe(predicate.getDescription(), type -> {
            JavaClass outer = type;
            while (outer.getEnclosingClass().isPresent()) {
                outer = outer.getEnclosingClass().get();
            }
            return predicate.test(outer);
        });
    }
}
