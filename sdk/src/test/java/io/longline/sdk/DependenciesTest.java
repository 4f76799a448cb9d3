package io.longline.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An app that takes the sdk in gets the frames, what they need, and nothing else. */
class DependenciesTest {
    private static final Pattern DEPENDENCY = Pattern.compile("<dependency>(.*?)</dependency>", Pattern.DOTALL);
    private static final Pattern ARTIFACT = Pattern.compile("<artifactId>(.*?)</artifactId>");

    @Test
    void theSdkNeedsTheFramesAlone() throws IOException {
        assertThat(dependencies("pom.xml")).containsExactlyInAnyOrder("longline-frames", "jspecify");
    }

    @Test
    void theFramesNeedProtobufAndOneJsonParser() throws IOException {
        assertThat(dependencies("../proto/frames/pom.xml"))
                .containsExactlyInAnyOrder("protobuf-java", "jackson-core", "jspecify");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.grpc.Channel",
                "io.netty.buffer.ByteBuf",
                "com.fasterxml.jackson.databind.ObjectMapper",
                "org.slf4j.Logger",
                "io.longline.keeper.error.ErrorCode"
            })
    void nothingOfTheServicesIsOnTheClassPath(String name) {
        assertThatThrownBy(() -> Class.forName(name)).isInstanceOf(ClassNotFoundException.class);
    }

    private static Set<String> dependencies(String pom) throws IOException {
        Set<String> names = new TreeSet<>();
        Matcher dependency = DEPENDENCY.matcher(Files.readString(Path.of(pom)));
        while (dependency.find()) {
            Matcher artifact = ARTIFACT.matcher(dependency.group(1));
            if (!dependency.group(1).contains("<scope>test</scope>") && artifact.find()) {
                names.add(artifact.group(1));
            }
        }
        return names;
    }
}
