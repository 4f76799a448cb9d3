package io.longline.coordinator.callback;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.longline.coordinator.callback.BackEnd.Mood;
import io.longline.keeper.net.Networks;
import io.longline.keeper.net.PublicAddresses;
import io.longline.keeper.product.Callback;
import io.longline.keeper.product.Callbacks;
import io.longline.keeper.product.Durability;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.Products;
import io.longline.keeper.product.WeightedUrl;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests to a back end on a real socket. */
@Timeout(60)
class GateIT {
    private static final String SECRET = "0123456789abcdef";
    private static final Networks LOOPBACK = CheckedAddresses.networks(List.of("127.0.0.0/8"));
    private static final byte[] BODY = "{\"events\":[{\"id\":\"ä\"}]}".getBytes(UTF_8);

    private final BackEnd backEnd = new BackEnd();

    @AfterEach
    void close() {
        backEnd.close();
    }

    private Gate gate(String url, int timeoutMs, DnsResolver addresses) {
        Callback callback = new Callback("uplink.order", url, SECRET, 2, timeoutMs);
        return new Gate(
                "shop/uplink.order",
                callback,
                addresses,
                InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000)),
                new Places(100));
    }

    private Gate gate(int timeoutMs) {
        return gate(backEnd.url(), timeoutMs, new CheckedAddresses(LOOPBACK, SystemDefaultDnsResolver.INSTANCE));
    }

    @Test
    void callbacksShareThePlacesOfAll() {
        Places places = new Places(2);
        Callback callback = new Callback("uplink.order", backEnd.url(), SECRET, 2, 10_000);
        DnsResolver addresses = new CheckedAddresses(LOOPBACK, SystemDefaultDnsResolver.INSTANCE);
        List<String> told = new ArrayList<>();
        try (Gate busy = new Gate("shop/a", callback, addresses, InstantSource.system(), places);
                Gate other = new Gate("shop/b", callback, addresses, InstantSource.system(), places)) {
            assertThat(busy.enter(() -> told.add("busy"))).isTrue();
            assertThat(busy.enter(() -> told.add("busy"))).as("the other half").isFalse();
            assertThat(other.enter(() -> told.add("other"))).isTrue();
            other.leave();
            assertThat(told).as("it has as many as are free").isEmpty();
            busy.leave();
            assertThat(told).containsExactly("busy");
            assertThat(busy.enter(() -> {})).isTrue();
            busy.leave();
        }
        assertThat(places.size()).isZero();
    }

    @Test
    void aRequestIsSignedAsTheContractSays() {
        try (Gate gate = gate(10_000)) {
            assertThat(gate.post(BODY)).isInstanceOf(CallbackOutcome.Taken.class);
        }

        BackEnd.Request request = backEnd.requests().getFirst();
        assertThat(request.path()).isEqualTo("/hook");
        assertThat(request.body()).isEqualTo(ByteString.copyFrom(BODY));
        assertThat(request.headers().get("content-type")).startsWith("application/json");
        // printf '1700000000.{"events":[{"id":"ä"}]}' | openssl dgst -sha256 -hmac 0123456789abcdef
        assertThat(request.headers())
                .containsEntry(
                        "longline-signature",
                        "t=1700000000,v1=1ef3a9e5b3be23af6ec15f572c031ae7031aa1ff9d7236934025051c3f26a3a0");
    }

    @Test
    void theAnswerOfOneThatTookItIsHandedOn() {
        backEnd.answers(events -> "{\"reply\":" + events.size() + "}");
        try (Gate gate = gate(10_000)) {
            for (int i = 0; i < 3; i++) { // also on a connection that was used before
                assertThat(gate.post(BODY))
                        .isInstanceOfSatisfying(
                                CallbackOutcome.Taken.class,
                                taken -> assertThat(taken.answer().toStringUtf8())
                                        .isEqualTo("{\"reply\":1}"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Mood.class,
            names = {"FAILS", "FORBIDS", "REDIRECTS"})
    void whatIsAnsweredOtherwiseIsNotTakenAndNoRedirectIsFollowed(Mood mood) {
        backEnd.is(mood);
        try (Gate gate = gate(10_000)) {
            assertThat(gate.post(BODY)).isInstanceOf(CallbackOutcome.Refused.class);
        }
        assertThat(backEnd.requests()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Mood.class,
            names = {"HANGS", "TRICKLES", "CLOSES_AFTER_READING", "SPEAKS_OTHERWISE"})
    void whoDoesNotAnswerInTimeHasNotTakenItHoweverItIsBusy(Mood mood) {
        backEnd.is(mood);
        try (Gate gate = gate(700)) {
            assertThat(gate.post(BODY)).isInstanceOf(CallbackOutcome.Unanswered.class);
        }
        assertThat(backEnd.requests()).hasSize(1);
    }

    @Test
    void whoIsDownHasNotTakenIt() {
        backEnd.goDown();
        try (Gate gate = gate(10_000)) {
            assertThat(gate.post(BODY)).isInstanceOf(CallbackOutcome.Unanswered.class);
        }
        backEnd.comeBack();
    }

    @Test
    void anAnswerWithoutEndIsCutOffAndTheRequestWasTaken() {
        backEnd.is(Mood.SAYS_TOO_MUCH);
        try (Gate gate = gate(30_000)) {
            assertThat(gate.post(BODY))
                    .isInstanceOfSatisfying(
                            CallbackOutcome.Taken.class,
                            taken -> assertThat(taken.answer()).isEmpty());
            backEnd.is(Mood.WELL);
            assertThat(gate.post(BODY)).isInstanceOf(CallbackOutcome.Taken.class);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Mood.class,
            names = {"SAYS_A_HEADER_WITHOUT_END", "SAYS_HEADERS_WITHOUT_END"})
    void whoseHeadersDoNotEndIsCutOffLongBeforeTheTimeOut(Mood mood) {
        backEnd.is(mood);
        try (Gate gate = gate(60_000)) { // longer than this test may take
            assertThat(gate.post(BODY)).isInstanceOf(CallbackOutcome.Unanswered.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.1.2.3",
                "172.31.0.1",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "0.0.0.0",
                "224.0.0.1",
                "255.255.255.255",
                "::1",
                "::",
                "fe80::1",
                "fc00::1",
                "ff02::1",
                "64:ff9b::7f00:1",
                "2002:7f00:1::",
                "::ffff:127.0.0.1"
            })
    void anAddressThatIsNotPublicIsNotCalled(String address) {
        assertThat(PublicAddresses.isPublic(InetAddress.ofLiteral(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111"})
    void othersAre(String address) {
        assertThat(PublicAddresses.isPublic(InetAddress.ofLiteral(address))).isTrue();
    }

    @Test
    void aNameThatBecomesPrivateIsNotCalledAnyMore() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        DnsResolver changing = new DnsResolver() {
            @Override
            public InetAddress[] resolve(String host) {
                // The first address is allowed, the second is not: the same machine by another of its names.
                return new InetAddress[] {InetAddress.ofLiteral(asked.getAndIncrement() == 0 ? "127.0.0.1" : "::1")};
            }

            @Override
            public String resolveCanonicalHostname(String host) throws UnknownHostException {
                throw new UnknownHostException(host);
            }
        };
        CheckedAddresses addresses = new CheckedAddresses(LOOPBACK, changing);
        String url = "http://shop.example:" + backEnd.port() + "/hook";
        try (Gate first = gate(url, 10_000, addresses);
                Gate second = gate(url, 10_000, addresses)) {
            assertThat(first.post(BODY)).isInstanceOf(CallbackOutcome.Taken.class);
            assertThat(second.post(BODY))
                    .isInstanceOfSatisfying(
                            CallbackOutcome.Unanswered.class,
                            outcome -> assertThat(outcome.why()).contains("shop.example", "not public"));
        }
        assertThat(backEnd.requests()).hasSize(1);
        assertThat(backEnd.requests().getFirst().headers().get("host")).startsWith("shop.example");
    }

    @Test
    void aNameThatIsNotFoundInTimeIsNotWaitedFor() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        DnsResolver silent = new DnsResolver() {
            @Override
            public InetAddress[] resolve(String host) throws UnknownHostException {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                throw new UnknownHostException(host);
            }

            @Override
            public String resolveCanonicalHostname(String host) throws UnknownHostException {
                throw new UnknownHostException(host);
            }
        };
        try (Gate gate = gate("http://shop.example/", 200, new BoundedNames(silent, Duration.ofMillis(200)))) {
            assertThat(gate.post(BODY)).isInstanceOf(CallbackOutcome.Unanswered.class);
        } finally {
            never.countDown();
        }
        DnsResolver known = new BoundedNames(SystemDefaultDnsResolver.INSTANCE, Duration.ofSeconds(30));
        assertThat(known.resolve("127.0.0.1")).containsExactly(InetAddress.ofLiteral("127.0.0.1"));
    }

    @Test
    void withoutANetworkThatAllowsItLoopbackIsNotCalled() {
        CheckedAddresses strict = new CheckedAddresses(new Networks(List.of()), SystemDefaultDnsResolver.INSTANCE);
        try (Gate gate = gate(backEnd.url(), 10_000, strict)) {
            assertThat(gate.post(BODY)).isInstanceOf(CallbackOutcome.Unanswered.class);
        }
        assertThat(backEnd.requests()).isEmpty();
    }

    @Test
    void whoFailsOftenIsSparedForAWhile() {
        backEnd.is(Mood.FAILS);
        try (Gate gate = gate(10_000)) {
            for (int i = 0; i < 10; i++) {
                assertThat(gate.spares()).isFalse();
                assertThat(gate.post(BODY)).isInstanceOf(CallbackOutcome.Refused.class);
            }
            assertThat(gate.spares()).isTrue();
            assertThat(gate.post(BODY)).isInstanceOf(CallbackOutcome.Spared.class);
        }
        assertThat(backEnd.requests()).hasSize(10);
    }

    private Gate weighted(BackEnd... places) {
        List<WeightedUrl> urls = new ArrayList<>();
        for (BackEnd place : places) {
            urls.add(new WeightedUrl(place.url(), urls.isEmpty() ? 5 : 1));
        }
        Callback callback = new Callback("uplink.order", places[0].url(), SECRET, 2, 10_000, urls, Callback.Per.DEVICE);
        return new Gate(
                "shop/uplink.order",
                callback,
                new CheckedAddresses(LOOPBACK, SystemDefaultDnsResolver.INSTANCE),
                InstantSource.system(),
                new Places(100));
    }

    @Test
    void severalPlacesTakeTurnsByTheirWeights() {
        try (BackEnd second = new BackEnd();
                BackEnd third = new BackEnd();
                Gate gate = weighted(backEnd, second, third)) {
            StringBuilder turns = new StringBuilder();
            for (int i = 0; i < 14; i++) {
                int seconds = second.requests().size();
                int thirds = third.requests().size();
                assertThat(gate.post(BODY)).isInstanceOf(CallbackOutcome.Taken.class);
                turns.append(
                        second.requests().size() > seconds
                                ? 'b'
                                : third.requests().size() > thirds ? 'c' : 'a');
            }
            assertThat(turns).hasToString("aabacaaaabacaa");
        }
    }

    @Test
    void onePlaceThatFailsIsLeftOutAndTriedAgainAfterAWhile() {
        try (BackEnd second = new BackEnd();
                Gate gate = weighted(backEnd, second)) {
            backEnd.is(Mood.FAILS);
            for (int i = 0; backEnd.requests().size() < 10; i++) {
                assertThat(i).isLessThan(100);
                gate.post(BODY);
            }
            int failed = backEnd.requests().size();
            for (int i = 0; i < 20; i++) {
                assertThat(gate.spares()).isFalse();
                assertThat(gate.post(BODY)).isInstanceOf(CallbackOutcome.Taken.class);
            }
            assertThat(backEnd.requests()).hasSize(failed);
            backEnd.is(Mood.WELL);

            await().atMost(Duration.ofSeconds(30)).until(() -> {
                gate.post(BODY);
                return backEnd.requests().size() > failed + 2;
            });
        }
    }

    @Test
    void whereAllPlacesFailItIsSpared() {
        try (BackEnd second = new BackEnd();
                Gate gate = weighted(backEnd, second)) {
            backEnd.is(Mood.FAILS);
            second.is(Mood.FAILS);
            for (int i = 0; i < 200 && !gate.spares(); i++) {
                gate.post(BODY);
            }
            assertThat(gate.spares()).isTrue();
            assertThat(gate.post(BODY)).isInstanceOf(CallbackOutcome.Spared.class);
            assertThat(gate.lastFailure()).isEqualTo("status 500");
        }
    }

    @Test
    void whoForbidsIsWellAndNotSpared() {
        backEnd.is(Mood.FORBIDS);
        try (Gate gate = gate(10_000)) {
            for (int i = 0; i < 30; i++) {
                assertThat(gate.post(BODY)).isInstanceOf(CallbackOutcome.Refused.class);
            }
        }
    }

    @Test
    void theGateOfACallbackThatIsRemovedIsClosedWhenTheNextIsMade() {
        List<Callback> targets = new ArrayList<>(List.of(new Callback("uplink.a", backEnd.url(), SECRET, 2, 10_000)));
        Products products = new Products() {
            @Override
            public Optional<Product> find(String id) {
                return Optional.of(Product.create(id, Durability.REDIS)
                        .with("callbacks", new Callbacks(targets, List.of("127.0.0.0/8"))));
            }

            @Override
            public List<Product> all() {
                return List.of();
            }
        };
        try (Gates gates = new Gates(products, new Places(100))) {
            Gate gone = gates.of("shop", "uplink.a").orElseThrow();
            assertThat(gone.post(BODY)).isInstanceOf(CallbackOutcome.Taken.class);
            targets.set(0, new Callback("uplink.b", backEnd.url(), SECRET, 2, 10_000));

            assertThat(gates.of("shop", "uplink.a")).isEmpty();
            Gate present = gates.of("shop", "uplink.b").orElseThrow();

            assertThat(gates.size()).isEqualTo(1);
            assertThat(present.post(BODY)).isInstanceOf(CallbackOutcome.Taken.class);
            assertThat(gone.post(BODY)).isInstanceOf(CallbackOutcome.Unanswered.class);
        }
    }

    @Test
    void whatIsAnsweredIsNotLogged() {
        assertThat(new CallbackOutcome.Taken(ByteString.copyFromUtf8("secret")).toString())
                .doesNotContain("secret")
                .contains("6");
    }

    @Test
    void soManyAreLetInAndTheNextIsCalledWhenOneHasLeft() {
        AtomicInteger called = new AtomicInteger();
        Runnable whenFree = called::incrementAndGet;
        try (Gate gate = gate(10_000)) {
            assertThat(gate.enter(whenFree)).isTrue();
            assertThat(gate.enter(whenFree)).isTrue();
            assertThat(gate.enter(whenFree)).isFalse();
            assertThat(gate.enter(whenFree)).isFalse();
            gate.leave();
            assertThat(called).hasValue(1);
            assertThat(gate.enter(whenFree)).isTrue();
            gate.leave();
            gate.leave();
            assertThat(called).hasValue(1);
        }
    }

    @Test
    void aCoordinatorHasNoMoreUnderWayThanItHasMemoryFor() {
        assertThat(Gate.atATime(new Callback("uplink.order", "http://a/", "a-secret", 3, 1_000)))
                .isEqualTo(3);
        assertThat(Gate.atATime(new Callback("uplink.order", "http://a/", "a-secret", 1_000, 1_000)))
                .isEqualTo(64);
    }
}
