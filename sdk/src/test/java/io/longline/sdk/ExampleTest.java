package io.longline.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Both READMEs quote {@code Example.java}, which the compiler checks. */
class ExampleTest {

    @Test
    void theReadmesQuoteTheExampleAsItCompiles() throws IOException {
        List<String> body = body();
        assertThat(body).hasSizeLessThanOrEqualTo(15).hasSizeGreaterThan(5);
        assertThat(Files.readString(Path.of("README.md"))).contains(String.join("\n", body));
        assertThat(Files.readString(Path.of("../README.md"))).contains(String.join("\n", body));
    }

    private static List<String> body() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("src/test/java/io/longline/sdk/example/Example.java"));
        int begin = 0;
        while (!lines.get(begin).contains("void main(")) {
            begin++;
        }
        return lines.subList(begin + 1, lines.lastIndexOf("    }")).stream()
                .map(line -> line.substring("        ".length()))
                .toList();
    }
}
