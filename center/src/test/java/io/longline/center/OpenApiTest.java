package io.longline.center;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.longline.center.http.OpenApiHttp;
import io.longline.center.result.Status;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OpenApiTest {
    private static final JsonNode DESCRIPTION = read();

    private static JsonNode read() {
        try (InputStream json = Objects.requireNonNull(OpenApiHttp.class.getResourceAsStream("openapi.json"))) {
            return new ObjectMapper().readTree(json);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    @Test
    void itDescribesEveryRouteAndNothingElse() {
        CenterServer server = new CenterServer(
                CenterConfig.read(new ConfigReader(ConfigSource.builder().build())));
        List<String> described = new ArrayList<>();
        DESCRIPTION
                .get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(
                                method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));

        assertThat(described).containsExactlyInAnyOrderElementsOf(server.routes());
    }

    @Test
    void itsVersionIs31AndEveryReferenceLeadsSomewhere() {
        assertThat(DESCRIPTION.get("openapi").asText()).isEqualTo("3.1.0");
        List<JsonNode> references = DESCRIPTION.findValues("$ref");

        assertThat(references)
                .isNotEmpty()
                .allSatisfy(reference -> assertThat(
                                DESCRIPTION.at(reference.asText().substring(1)).isMissingNode())
                        .as(reference.asText())
                        .isFalse());
    }

    @Test
    void everyAnswerOfAProductsRequestsHasItsErrors() {
        DESCRIPTION.get("paths").properties().stream()
                .filter(path -> path.getKey().startsWith("/v1/"))
                .flatMap(path -> path.getValue().properties().stream())
                .forEach(operation -> assertThat(
                                operation.getValue().get("responses").fieldNames())
                        .toIterable()
                        .as(operation.getValue().get("operationId").asText())
                        .contains("400", "401", "403", "429", "500", "503")
                        .containsAnyOf("200", "202"));
    }

    @Test
    void itKnowsEveryReasonThatIsShownOutside() {
        Set<ErrorCode> outside = EnumSet.complementOf(EnumSet.of(ErrorCode.DEADLINE_EXCEEDED, ErrorCode.SHARD_LOST));

        assertThat(texts(DESCRIPTION.at("/components/schemas/Error/properties/error/properties/reason/enum")))
                .containsExactlyInAnyOrderElementsOf(
                        outside.stream().map(ErrorCode::name).toList());
    }

    @Test
    void itKnowsEveryStatus() {
        assertThat(texts(DESCRIPTION.at("/components/schemas/Status/enum")))
                .containsExactlyElementsOf(
                        EnumSet.allOf(Status.class).stream().map(Status::text).toList());
    }
}
