package io.longline.deploy.check.client;

import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.History;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/** Bad clients: forged and expired tokens, and bytes that are no frames. None of them may ever be bound. */
public final class Vandal {
    private static final long PATIENCE_S = 15;

    private final History history;
    private final Tally tally;
    private final Tenant tenant;

    public Vandal(History history, Tally tally, Tenant tenant) {
        this.history = history;
        this.tally = tally;
        this.tenant = tenant;
    }

    /** Tries once at a room. What becomes of it under faults is anybody's guess, but for one thing. */
    public void visit(Place room, EndpointId victim, RandomGenerator random) {
        boolean token = random.nextBoolean();
        boolean expired = random.nextBoolean();
        byte[] garbage = new byte[1 + random.nextInt(64)];
        random.nextBytes(garbage);
        CompletableFuture<String> end = new CompletableFuture<>();
        RawLink.Ear ear = new RawLink.Ear() {
            @Override
            public void heard(Heard frame) {
                if (frame instanceof Heard.Welcome welcome
                        && welcome.bound().stream().anyMatch(Heard.Bound::ok)) {
                    history.broken(13, room.instance() + " bound " + victim + " for a bad token");
                }
                if (frame instanceof Heard.Close close) {
                    end.complete("close " + close.code());
                }
            }

            @Override
            public void ended(String how) {
                end.complete("closed without a word");
            }
        };
        try {
            RawLink link = NativeRawLink.open(room.address(), ear);
            if (token) {
                link.hello(60, List.of(new Wish(1, victim, tenant.badToken(victim, expired), 0)));
            } else {
                link.garbage(garbage);
            }
            tally.count((token ? "bad token: " : "garbage: ") + await(end));
            link.drop();
        } catch (IOException e) {
            tally.count("vandals who found nobody");
        }
    }

    private static String await(CompletableFuture<String> end) {
        try {
            return end.get(PATIENCE_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        } catch (ExecutionException | TimeoutException e) {
            return "nothing for " + PATIENCE_S + " s";
        }
    }
}
