package io.longline.room.topic;

import io.longline.keeper.product.Product;
import io.longline.keeper.product.Products;
import io.longline.room.session.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Whom a loop asks: writes down each call; the test gives the answers. One thread uses it. */
final class TestClients implements TopicLogs, Follows {
    final List<String> calls = new ArrayList<>();
    private final List<CompletableFuture<?>> answers = new ArrayList<>();

    /** No product is known: what a token says is all that counts. */
    static final TopicLoop.Rules BY_TOKEN_ALONE = rules(Optional::empty);

    /** The one product is as this says each time. */
    static TopicLoop.Rules rules(Supplier<Optional<Product>> product) {
        Products products = new Products() {
            @Override
            public Optional<Product> find(String id) {
                return product.get();
            }

            @Override
            public List<Product> all() {
                return product.get().stream().toList();
            }
        };
        return new TopicLoop.Rules(new TopicPermission(products), new MergePolicy(products));
    }

    private <T> CompletableFuture<T> called(String what) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        calls.add(what);
        answers.add(answer);
        return answer;
    }

    /** What was called since this was last asked. */
    List<String> take() {
        List<String> taken = List.copyOf(calls);
        calls.clear();
        return taken;
    }

    /** Of all calls there ever were. */
    <T> void answer(int call, T with) {
        @SuppressWarnings("unchecked") // the test knows what it answers
        CompletableFuture<T> answer = (CompletableFuture<T>) answers.get(call);
        answer.complete(with);
    }

    /** Of the last one. */
    <T> void answer(T with) {
        answer(answers.size() - 1, with);
    }

    /** The last one, which was to follow: it does from where was asked for, and no back end has its user follow it. */
    void followed() {
        answer(new Noted(false, false, Long.MAX_VALUE));
    }

    /** The last one is done; it has nothing to tell. */
    void done() {
        answers.getLast().complete(null);
    }

    /** All there ever were. */
    void allDone() {
        answers.forEach(answer -> answer.complete(null));
    }

    void fail(Throwable why) {
        answers.getLast().completeExceptionally(why);
    }

    int count() {
        return answers.size();
    }

    @Override
    public CompletableFuture<TopicPage> read(String product, String topic, long after, long upto, int limit) {
        return called("read " + topic + " " + after + (upto == 0 ? "" : " upto " + upto));
    }

    @Override
    public CompletableFuture<Position> position(Endpoint endpoint, String topic, Begin begin) {
        return this.<Object>called("position " + topic + " from " + begin.from() + " after " + begin.after() + " last "
                        + begin.last())
                .thenApply(answer -> answer instanceof Long end ? new Position(end, end) : (Position) answer);
    }

    @Override
    public CompletableFuture<Void> pass(Endpoint endpoint, String topic, long offset) {
        return called("pass " + topic + " " + offset);
    }

    @Override
    public CompletableFuture<Noted> follow(
            Endpoint endpoint, String topic, long from, long generation, boolean onlyByBackEnd) {
        return called("follow " + topic + " " + from + " " + generation + (onlyByBackEnd ? " only by back end" : ""));
    }

    @Override
    public CompletableFuture<Boolean> unfollow(Endpoint endpoint, String topic, long generation) {
        return called("unfollow " + topic + " " + generation);
    }

    @Override
    public CompletableFuture<Followed> of(Endpoint endpoint) {
        return called("follows");
    }
}
