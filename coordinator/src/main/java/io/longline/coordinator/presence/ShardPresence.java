package io.longline.coordinator.presence;

import io.longline.coordinator.PresenceMetrics;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.Callback;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.Products;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who comes and goes in one shard, while its lease is ours. One virtual thread. */
final class ShardPresence {
    private static final Logger log = LoggerFactory.getLogger(ShardPresence.class);

    /** Of one look; a page is read in a fraction of it. */
    private static final Duration COMPARES_FOR = Duration.ofMillis(10);
    /** Without marks a shard is looked at no less often, and not much later than they come. */
    private static final Duration IDLE = Duration.ofSeconds(2);

    private static final int LOOKS_IN_DEBOUNCE = 4;
    /** Between two looks whether all is to be compared once more: its time is minutes. */
    private static final Duration COMPARISON_LOOKED_AT_EVERY = Duration.ofSeconds(2);

    private final int shard;
    private final Tools tools;
    /** By product, the last event that its log has. */
    private final Map<String, Long> logged = new HashMap<>();
    /** By product, of whom it is told: all that was told of these has been compared under our lease. */
    private final Map<String, Callback.Per> compared = new HashMap<>();

    private @Nullable Comparison comparison;
    private long fence;
    private long comparisonLookedAtNanos;
    private Duration pause;
    private volatile int marks;
    private volatile long overdueMs;

    /**
     * What those of all shards share.
     *
     * @param leases of the shards
     */
    record Tools(
            PresenceStore store,
            Products products,
            PresenceFlow.Leases leases,
            PresenceConfig config,
            PresenceMetrics metrics) {}

    private record Comparison(Audience audience, PresenceStore.Position next) {}

    ShardPresence(int shard, Tools tools) {
        this.shard = shard;
        this.tools = tools;
        this.pause = tools.config.lookEvery();
    }

    /** Of changes that are to be told, as of the last look. */
    int marks() {
        return marks;
    }

    /** For how long the oldest of them should have been told. */
    long overdueMs() {
        return overdueMs;
    }

    /** Until it is interrupted. */
    void run() {
        try {
            while (true) {
                turn();
                Thread.sleep(pause);
            }
        } catch (InterruptedException e) {
            log.debug("closes shard={}", shard);
        }
    }

    private void turn() throws InterruptedException {
        try {
            pause = tools.config.lookEvery();
            long present = tools.leases.fence().applyAsLong(shard);
            if (present != fence) {
                forgetAll();
                fence = present;
            }
            if (fence != 0) {
                look(new PresenceStore.Held(shard, fence));
            }
        } catch (LonglineException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("while Redis was asked");
            }
            if (e.code() != ErrorCode.SHARD_LOST) { // which is being rebuilt
                tools.metrics.storeFailed();
            }
            log.debug("presence cannot be told now, and is tried again shard={} error={}", shard, e.getMessage());
        } catch (RuntimeException e) {
            tools.metrics.storeFailed();
            log.error("a fault of ours, presence is told with the next look shard={}", shard, e);
        }
    }

    private void forgetAll() {
        logged.clear();
        compared.clear();
        comparison = null;
        comparisonLookedAtNanos = System.nanoTime() - COMPARISON_LOOKED_AT_EVERY.toNanos();
        marks = 0;
        overdueMs = 0;
    }

    private void look(PresenceStore.Held held) {
        Map<String, Audience> audiences = tools.products.all().stream()
                .filter(Product::tellsPresence)
                .map(Audience::of)
                .collect(Collectors.toUnmodifiableMap(Audience::product, audience -> audience));
        int left = 0;
        long oldest = 0;
        Set<String> marked = tools.store.products(shard);
        for (String product : marked) {
            Audience audience = audiences.get(product);
            if (audience == null) {
                dropUnwanted(held, product);
                continue;
            }
            Optional<Told> told = tools.store.tell(held, audience, logged.getOrDefault(product, 0L));
            if (told.isEmpty()) {
                return;
            }
            left += told.get().marks();
            oldest = Math.max(oldest, told.get().overdueMs());
            noteAlone(audience, told.get());
        }
        marks = left;
        overdueMs = oldest;
        compare(held, audiences);
        if (marked.isEmpty() && present(audiences) == null) {
            pause = idlePause(audiences.values());
        }
    }

    /** Who comes or goes is told after the debounce, not before: it is early enough to see the mark a part of it later. */
    private Duration idlePause(Collection<Audience> audiences) {
        long most = audiences.stream()
                .mapToLong(audience -> audience.debounceMs() / LOOKS_IN_DEBOUNCE)
                .min()
                .orElse(Long.MAX_VALUE);
        long ms = Math.min(most, IDLE.toMillis());
        return Duration.ofMillis(Math.max(ms, tools.config.lookEvery().toMillis()));
    }

    /** What is not known here may only not be read yet: what was told of it stays. */
    private void dropUnwanted(PresenceStore.Held held, String product) {
        boolean wantsNone = tools.products
                .find(product)
                .filter(known -> !known.tellsPresence())
                .isPresent();
        if (wantsNone && tools.products.areFresh()) {
            tools.store.drop(held, product);
        }
    }

    /** A product whose log is out of reach keeps no other from being told. */
    private void noteAlone(Audience audience, Told told) {
        try {
            note(audience, told);
        } catch (LonglineException e) {
            tools.metrics.storeFailed();
            log.debug("the log is written later product={} error={}", audience.product(), e.getMessage());
        }
    }

    private void note(Audience audience, Told told) {
        tools.metrics.told(told.online(), told.offline(), told.flaps());
        if (told.isFull()) {
            tools.metrics.heldBack();
        }
        if (audience.hasCallback() && told.online() + told.offline() > 0) {
            tools.leases.wake().accept(shard);
        }
        if (!told.events().isEmpty()) {
            tools.store.log(shard, audience.product(), told.events());
            logged.put(audience.product(), told.events().getLast().seq());
        }
    }

    // ---- what was told, and what is so ----

    /** Some pages of it. Under each lease once, and whenever its time has come. */
    private void compare(PresenceStore.Held held, Map<String, Audience> audiences) {
        Set<String> known = Set.copyOf(compared.keySet());
        if (mayBeDue() && tools.store.comparedUnder(shard).orElse(0) != held.fence()) {
            compared.clear();
            comparison = null;
            tools.store.noteComparison(held, tools.config.compareEvery());
            known = tools.store.tellers(shard);
        }
        known.stream()
                .filter(product -> !audiences.containsKey(product))
                .forEach(product -> dropUnwanted(held, product));
        compared.keySet().retainAll(audiences.keySet());
        long untilNanos = System.nanoTime() + COMPARES_FOR.toNanos();
        Comparison present = present(audiences);
        while (present != null && goOn(held, present) && System.nanoTime() < untilNanos) {
            present = present(audiences);
        }
    }

    private boolean mayBeDue() {
        long now = System.nanoTime();
        boolean due = now - comparisonLookedAtNanos >= COMPARISON_LOOKED_AT_EVERY.toNanos();
        comparisonLookedAtNanos = due ? now : comparisonLookedAtNanos;
        return due;
    }

    /** What is under way, else the first that is to be; null where all is compared. */
    private @Nullable Comparison present(Map<String, Audience> audiences) {
        Comparison begun = comparison;
        if (begun != null && begun.audience.equals(audiences.get(begun.audience.product()))) {
            return begun;
        }
        return audiences.values().stream()
                .filter(audience -> compared.get(audience.product()) != audience.per())
                .findFirst()
                .map(audience -> new Comparison(audience, PresenceStore.Position.FIRST))
                .orElse(null);
    }

    /** False where the lease is another's now. */
    private boolean goOn(PresenceStore.Held held, Comparison begun) {
        Optional<PresenceStore.Compared> page = tools.store.compare(held, begun.audience, begun.next);
        if (page.isEmpty()) {
            return false;
        }
        tools.metrics.differed(page.get().noted());
        comparison = page.get()
                .next()
                .map(next -> new Comparison(begun.audience, next))
                .orElse(null);
        if (page.get().next().isEmpty()) {
            compared.put(begun.audience.product(), begun.audience.per());
        }
        return true;
    }
}
