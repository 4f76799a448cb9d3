package io.longline.center.quota;

import io.longline.center.CenterMetrics;
import io.longline.center.push.Push;
import io.longline.center.push.Target;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.Products;
import io.longline.keeper.product.SendLimits;
import io.longline.keeper.rpc.Deadline;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.IntSupplier;

/** Lets a push in, or says what it is over: first of its product, then of its users. */
public final class Admission {
    private final Products products;
    private final QuotaClient quotas;
    private final IntSupplier centers;
    private final CenterMetrics metrics;
    /** Of products that have limits, or had. */
    private final ConcurrentMap<String, ProductRate> rates = new ConcurrentHashMap<>();

    /** @param centers how many there are */
    public Admission(Products products, QuotaClient quotas, IntSupplier centers, CenterMetrics metrics) {
        this.products = products;
        this.quotas = quotas;
        this.centers = centers;
        this.metrics = metrics;
        metrics.watchCredits(
                () -> rates.values().stream().mapToLong(ProductRate::credits).sum());
    }

    /**
     * Counts the push, each target as a message. Throws where it may not be sent to anybody.
     *
     * @return the targets that it may not be sent to, with the reason
     */
    public Map<Target, LonglineException> admit(Push push, Deadline deadline) {
        Map<Target, LonglineException> refused = admitEach(push, deadline);
        if (!refused.isEmpty() && refused.size() == push.targets().size()) {
            throw Objects.requireNonNull(refused.get(push.targets().getFirst()));
        }
        return refused;
    }

    /** The same; throws only where its product may not send it. */
    public Map<Target, LonglineException> admitEach(Push push, Deadline deadline) {
        admitOfProduct(push, deadline);
        return admitToUsers(push, deadline);
    }

    /** As far as its product is concerned. */
    public void admitOfProduct(Push push, Deadline deadline) {
        admitOfProduct(push.product(), push.targets().size(), deadline);
    }

    /** So many messages of that product, to whomever. */
    public void admitOfProduct(String product, int messages, Deadline deadline) {
        SendLimits limits = limits(product);
        if (limits.ofProduct()) {
            rate(product).take(messages, limits, deadline);
        }
    }

    /** As far as its users are. */
    public Map<Target, LonglineException> admitToUsers(Push push, Deadline deadline) {
        SendLimits limits = limits(push.product());
        return limits.ofUsers() ? spend(push, limits, deadline) : Map.of();
    }

    private SendLimits limits(String product) {
        return products.find(product).map(Product::limits).orElse(SendLimits.NONE);
    }

    private Map<Target, LonglineException> spend(Push push, SendLimits limits, Deadline deadline) {
        Map<Target, LonglineException> refused = quotas.spend(push, limits, deadline);
        refused.values().stream()
                .filter(why -> why.code() == ErrorCode.USER_RATE_EXCEEDED)
                .forEach(_ -> metrics.overQuota(Quota.USER));
        return refused;
    }

    private ProductRate rate(String product) {
        return rates.computeIfAbsent(
                product,
                id -> new ProductRate(
                        id,
                        (needed, wanted, limits, deadline) -> quotas.grant(id, needed, wanted, limits, deadline),
                        centers,
                        System::nanoTime,
                        metrics));
    }
}
