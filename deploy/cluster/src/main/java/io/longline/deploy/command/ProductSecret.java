package io.longline.deploy.command;

import io.longline.deploy.cluster.ClusterException;
import io.longline.deploy.cluster.DemoProduct;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a command that speaks the HTTP API is told the API secret of its product. */
final class ProductSecret {

    @Option(
            names = "--secret",
            paramLabel = "S",
            description = "API secret of the product; default: LONGLINE_SECRET, and for demo the one that `up` made.")
    private @Nullable String secret;

    /** As HTTP wants it. Throws {@link ClusterException} where nobody has said it. */
    String authorization(String product) {
        String found = Optional.ofNullable(secret)
                .or(() -> Optional.ofNullable(System.getenv("LONGLINE_SECRET")))
                .or(() -> product.equals(DemoProduct.ID) ? Optional.of(DemoProduct.API_SECRET) : Optional.empty())
                .orElseThrow(() -> new ClusterException(
                        "the API secret of " + product + " is not known here: give --secret or set LONGLINE_SECRET"));
        byte[] credentials = (product + ":" + found).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(credentials);
    }
}
