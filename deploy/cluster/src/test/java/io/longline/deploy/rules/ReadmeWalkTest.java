package io.longline.deploy.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The walk of one push in the README names classes that are there. */
final class ReadmeWalkTest {
    private static final String SECTION = "## The walk of one push";
    private static final Pattern CLASS_NAME = Pattern.compile("`([A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)*)`");

    @Test
    void everyClassOfTheWalkIsThere() throws IOException {
        Set<String> named = new TreeSet<>(names(section(Files.readString(Path.of("../../README.md")))));
        Set<String> present = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("io.longline").stream()
                        .map(JavaClass::getSimpleName)
                        .collect(Collectors.toSet());
        assertThat(named).as("classes named in the walk").hasSizeGreaterThan(8).isSubsetOf(present);
    }

    @Test
    void namesAreReadFromThatSectionAlone() {
        String text = section(
                "# A\n`Before`\n" + SECTION + "\n1. `First` → `SecondOne`, not `lower` or `A B`\n## Next\n`After`\n");
        assertThat(names(text)).containsExactly("First", "SecondOne");
    }

    private static String section(String readme) {
        int begin = readme.indexOf(SECTION);
        assertThat(begin).as("the section \"%s\"", SECTION).isNotNegative();
        int end = readme.indexOf("\n## ", begin + SECTION.length());
        return end < 0 ? readme.substring(begin) : readme.substring(begin, end);
    }

    private static List<String> names(String text) {
        return CLASS_NAME
                .matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }
}
