package io.longline.keeper.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.discovery.ZkConfig;
import io.longline.keeper.discovery.ZkSession;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.stores.junit.ZooKeeperExtension;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(90)
class ZkProductsIT {

    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final AtomicLong CLUSTERS = new AtomicLong();

    private final String cluster = "test-" + CLUSTERS.incrementAndGet();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    @Test
    void aProductMadeHereIsFoundHereAtOnceAndElsewhereSoon() {
        ZkProducts here = products();
        ZkProducts elsewhere = products();
        Product shop = Product.create("shop", Durability.REDIS).withSecrets(ProductSecrets.fresh());

        here.create(shop);

        assertThat(here.find("shop")).contains(shop);
        assertThat(here.find("other")).isEmpty();
        await().until(() -> elsewhere.all().equals(List.of(shop)));
        here.put(shop.withOpenTopics(List.of("*")));
        assertThat(here.find("shop").orElseThrow().openTopics()).containsExactly("*");
        await().until(() -> elsewhere.find("shop").orElseThrow().openTopics().equals(List.of("*")));
    }

    @Test
    void anIdIsGivenOnce() {
        ZkProducts products = products();
        products.create(Product.create("shop", Durability.REDIS));

        assertThatThrownBy(() -> products.create(Product.create("shop", Durability.MYSQL)))
                .isInstanceOfSatisfying(
                        LonglineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ALREADY_EXISTS));
        assertThat(products.find("shop").orElseThrow().durability()).isEqualTo(Durability.REDIS);
    }

    @Test
    void whoStartsLaterFindsWhatIsThere() {
        products().create(Product.create("shop", Durability.REDIS));

        assertThat(products().find("shop")).isPresent();
    }

    @Test
    void aStateThatDoesNotValidateIsRefusedAndTheLastGoodOneStays() {
        ZkSession session = session();
        ZkProducts products = products();
        products.create(Product.create("shop", Durability.REDIS));

        session.write("/products/shop", "{\"id\":\"shop\",\"window\":0}".getBytes(StandardCharsets.UTF_8));
        session.write("/products/pub", "{\"id\":\"shop\"}".getBytes(StandardCharsets.UTF_8));
        products.create(Product.create("later", Durability.REDIS));

        assertThat(products.find("shop").orElseThrow().window()).isEqualTo(64);
        assertThat(products.find("pub")).isEmpty();
    }

    @Test
    void whileZookeeperIsAwayTheLastKnownProductsStayAndNoneCanBeMade() {
        ZkProducts products = products();
        products.create(Product.create("shop", Durability.REDIS));

        ZOOKEEPER.store().stop();
        assertThatThrownBy(() -> products.create(Product.create("other", Durability.REDIS)))
                .isInstanceOfSatisfying(LonglineException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.DEPENDENCY_DOWN);
                    assertThat(e.dependency()).contains("zookeeper");
                });
        assertThat(products.find("shop")).isPresent();
        ZOOKEEPER.store().start();
    }

    private ZkProducts products() {
        ZkProducts products = new ZkProducts(session());
        products.start();
        opened.add(products);
        return products;
    }

    private ZkSession session() {
        ZkSession session = new ZkSession(new ZkConfig(ZOOKEEPER.uri(), cluster, Duration.ofSeconds(6)));
        session.start();
        opened.add(session);
        return session;
    }
}
