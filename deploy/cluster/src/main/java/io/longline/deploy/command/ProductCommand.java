package io.longline.deploy.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.keeper.http.Json;
import io.longline.keeper.id.Ids;
import io.longline.keeper.product.Durability;
import io.longline.keeper.product.MergeWindows;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.ProductSecrets;
import io.longline.keeper.product.ProductSettings;
import io.longline.keeper.product.ProductView;
import io.longline.keeper.product.SecretKind;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code longline product create|show|set|rotate-secret|list}: the products in ZooKeeper, as every service sees them. */
@Command(name = "product", description = "Makes, shows and changes products.")
final class ProductCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command: create, show, set, rotate-secret or list");
    }

    @Command(name = "create", description = "Makes a product and prints it with its secrets, this once.")
    void create(
            @Mixin ClusterAddress address,
            @ArgGroup(multiplicity = "1") ProductId id,
            @Option(
                            names = "--durability",
                            defaultValue = "mysql",
                            description = "mysql: a push is answered after MySQL has it too; redis: after Redis has it."
                                    + " Default: ${DEFAULT-VALUE}.")
                    Durability durability,
            @Mixin BroadcastOptions broadcasts,
            @Mixin MergeOptions merge) {
        Ids.requireProduct("product", id.value());
        try (ClusterAccess cluster = address.open()) {
            ProductSecrets secrets = ProductSecrets.fresh();
            Product product = Product.create(id.value(), durability)
                    .with("broadcasts", broadcasts.limits())
                    .with("merge", merge.of(MergeWindows.NONE))
                    .withSecrets(secrets);
            cluster.products().create(product);
            print(ProductView.of(product)
                    .put("api_secret", secrets.apiSecret())
                    .put("client_secret", secrets.clientSecret()));
        }
    }

    @Command(name = "show", description = "Prints a product, without its secrets.")
    void show(@Mixin ClusterAddress address, @ArgGroup(multiplicity = "1") ProductId id) {
        try (ClusterAccess cluster = address.open()) {
            print(ProductView.of(cluster.product(id.value())));
        }
    }

    @Command(
            name = "set",
            description =
                    "Changes settings of a product in use: window=128 limits.rate_per_s=5000 open_topics=news*,sport*;"
                            + " all or none of them.")
    void set(
            @Mixin ClusterAddress address,
            @Parameters(index = "0", paramLabel = "P", description = "The product's id.") String id,
            @Parameters(index = "1..*", arity = "0..*", paramLabel = "NAME=VALUE", description = "As show prints them.")
                    @Nullable
                    Map<String, String> settings,
            @Mixin MergeOptions merge) {
        if (settings == null && merge.areNone()) {
            throw new ParameterException(spec.commandLine(), "Nothing to set: expected NAME=VALUE or an option");
        }
        Map<String, String> named = settings == null ? Map.of() : settings;
        try (ClusterAccess cluster = address.open()) {
            print(ProductView.of(cluster.products().change(id, product -> {
                Product set = ProductSettings.set(product, named);
                return set.with("merge", merge.of(set.merge()));
            })));
        }
    }

    @Command(
            name = "rotate-secret",
            description =
                    "Makes one more secret and prints it, this once; the newest before it stays good until the next"
                            + " change.")
    void rotateSecret(
            @Mixin ClusterAddress address,
            @ArgGroup(multiplicity = "1") ProductId id,
            @Option(
                            names = "--kind",
                            defaultValue = "full",
                            description = "full, send or read: with which back ends call the API, and what they may do;"
                                    + " client: with which they sign client tokens. Default: ${DEFAULT-VALUE}.")
                    SecretKind kind,
            @Option(names = "--retire", description = "Makes none; the newest alone is good from now on.")
                    boolean retire) {
        try (ClusterAccess cluster = address.open()) {
            if (retire) {
                print(ProductView.of(cluster.products().change(id.value(), kind::retire)));
                return;
            }
            String secret = ProductSecrets.random();
            Product product = cluster.products().change(id.value(), before -> kind.rotate(before, secret));
            print(ProductView.of(product).put("kind", kind.word()).put("secret", secret));
        }
    }

    @Command(name = "list", description = "Prints the ids and durabilities.")
    void list(@Mixin ClusterAddress address) {
        try (ClusterAccess cluster = address.open()) {
            PrintWriter out = spec.commandLine().getOut();
            cluster.products().all().stream()
                    .sorted(Comparator.comparing(Product::id))
                    .forEach(product -> out.printf(
                            "%-32s %s%n", product.id(), product.durability().word()));
        }
    }

    private void print(ObjectNode json) {
        spec.commandLine().getOut().println(new String(Json.bytes(json), StandardCharsets.UTF_8));
    }
}
