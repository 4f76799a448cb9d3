package io.longline.saver;

import static io.longline.saver.testing.SaverClient.copy;
import static io.longline.saver.testing.SaverClient.device;
import static io.longline.saver.testing.SaverClient.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.ClaimReply;
import io.longline.rpc.v1.ClaimedTarget;
import io.longline.rpc.v1.Copy;
import io.longline.rpc.v1.DeviceRow;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.OpenReply;
import io.longline.rpc.v1.SettleReply;
import io.longline.rpc.v1.State;
import io.longline.rpc.v1.StoreReply;
import io.longline.rpc.v1.StoreRequest;
import io.longline.rpc.v1.StoredMessage;
import io.longline.saver.testing.SaverClient;
import io.longline.saver.testing.SaverCluster;
import io.longline.saver.testing.SchedulesClient;
import io.longline.stores.junit.MariaDbExtension;
import io.longline.stores.junit.RedisExtension;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two savers and a client on real stores, all well. */
@Timeout(120)
final class SaverServerIT {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    @RegisterExtension
    static final MariaDbExtension mysql = new MariaDbExtension();

    private static SaverCluster cluster;
    private static SaverServer saver;
    private static SaverClient client;
    private final Endpoint phone = SaverCluster.someone("demo");
    private final Endpoint nobody = device(phone, "default");
    private final String id = "order-" + phone.getUser();

    @BeforeAll
    static void start() {
        cluster = new SaverCluster(redis.uri(), mysql.jdbcUrl());
        saver = cluster.start();
        cluster.start();
        client = cluster.client;
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static void assertFails(ErrorCode code, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        LonglineException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void aMessageIsStoredOpenedAcknowledgedAndGone() {
        StoreReply stored = client.store(phone, id);
        assertThat(stored.getDevice()).isEqualTo("phone");
        assertThat(stored.getState()).isEqualTo(State.STORED);
        assertThat(stored.getBefore()).isZero();
        client.record("demo", id, copy(phone, stored.getSeq()));

        OpenReply opened = client.open(phone, 0, 10);
        assertThat(opened.getPending()).isEqualTo(1);
        assertThat(opened.getMessagesList()).singleElement().satisfies(one -> {
            assertThat(one.getSeq()).isEqualTo(stored.getSeq());
            assertThat(one.getMessage())
                    .isEqualTo(message(phone, id, one.getMessage().getExpiresAtMs())
                            .getMessage());
        });
        assertThat(client.settle(phone, stored.getSeq(), id, State.WRITTEN, "")).isEqualTo(State.WRITTEN);
        assertThat(client.look("demo", id)).extracting(Copy::getState).containsExactly(State.WRITTEN);
        assertThat(client.ack(phone, stored.getSeq())).isEqualTo(stored.getSeq());

        assertThat(client.look("demo", id)).extracting(Copy::getState).containsExactly(State.ACKED);
        assertThat(client.pending(phone)).isZero();
        assertThat(client.store(phone, id).getRepeated()).isTrue();
        assertThat(client.inbox(phone)).isEmpty();
    }

    @Test
    void aBindAcknowledgesWhatTheClientNames() {
        long first = client.store(phone, "m1").getSeq();
        long second = client.store(phone, "m2").getSeq();

        OpenReply opened = client.open(phone, first, 10);
        assertThat(opened.getAcked()).isEqualTo(first);
        assertThat(opened.getMessagesList()).extracting(StoredMessage::getSeq).containsExactly(second);
        assertThat(opened.getUpto()).isEqualTo(second);
        assertThat(client.open(phone, -1L, 10).getAcked()).isEqualTo(second);
    }

    @Test
    void whatAClientNamesIsNoAckOfWhatItWasNeverSent() {
        client.store(nobody, "m1");

        OpenReply opened = client.open(phone, 1L << 60, 10);
        assertThat(opened.getMessagesList())
                .extracting(one -> one.getMessage().getMessageId())
                .containsExactly("m1");
    }

    @Test
    void aThousandMessagesAreReadInOrderWhateverThePage() {
        List<CompletableFuture<StoreReply>> stores = IntStream.range(0, 1000)
                .mapToObj(i -> client.storeLater(message(phone, "m" + i)))
                .toList();
        List<Long> seqs = stores.stream()
                .map(CompletableFuture::join)
                .map(StoreReply::getSeq)
                .sorted()
                .toList();

        List<Long> read = new ArrayList<>();
        OpenReply opened = client.open(phone, 0, 7);
        opened.getMessagesList().forEach(one -> read.add(one.getSeq()));
        long after = opened.getUpto();
        boolean more = opened.getMore();
        while (more) {
            var page = client.load(phone, after, 64);
            page.getMessagesList().forEach(one -> read.add(one.getSeq()));
            after = page.getUpto();
            more = page.getMore();
        }
        assertThat(read).isEqualTo(seqs).doesNotHaveDuplicates();
        assertThat(client.open(phone, 0, 0).getMessagesCount()).isEqualTo(64);
        assertThat(client.load(phone, 0, -1).getMessagesCount()).isEqualTo(1000);
    }

    @Test
    void itemsOfABatchAreOfManyProductsAndShardsAndABadOneFailsAlone() {
        List<StoreRequest> requests = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            requests.add(message(SaverCluster.someone(i % 2 == 0 ? "demo" : "fast"), "m" + i));
        }
        requests.add(message(SaverClient.endpoint("demo", "no such/user", "phone"), "bad user"));
        requests.add(message(phone, ""));
        requests.add(message(SaverClient.endpoint("Demo", "u", "phone"), "bad-product"));
        List<CompletableFuture<StoreReply>> replies =
                requests.stream().map(client::storeLater).toList();

        for (int i = 0; i < 200; i++) {
            assertThat(replies.get(i).join().getSeq()).isPositive();
            assertThat(client.ids(requests.get(i).getEndpoint())).containsExactly("m" + i);
        }
        for (CompletableFuture<StoreReply> bad : replies.subList(200, 203)) {
            assertThatThrownBy(bad::join)
                    .satisfies(
                            e -> assertThat(ErrorTranslator.fromAny(e).code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
        }
    }

    @Test
    void aFullInboxSaysSo() {
        Endpoint small = SaverCluster.someone("tiny");
        client.store(small, "m1");
        client.store(small, "m2");
        client.store(small, "m3");

        assertFails(ErrorCode.INBOX_FULL, () -> client.store(small, "m4"));
        assertThat(client.store(small, "m2").getRepeated()).isTrue();
    }

    @Test
    void aProductNobodyHasHeardOfYetIsServed() {
        assertThat(client.store(SaverCluster.someone("brand-new"), "m1").getSeq())
                .isPositive();
    }

    @Test
    void whatExpiresIsNeverReadAndSaysSo() {
        StoreReply stored = client.store(message(phone, id, System.currentTimeMillis()));
        client.record("demo", id, copy(phone, stored.getSeq()));
        client.settle(phone, stored.getSeq(), id, State.STORED, "");

        assertThat(client.inbox(phone)).isEmpty();
        assertThat(client.look("demo", id)).extracting(Copy::getState).containsExactly(State.EXPIRED);
    }

    @Test
    void whatARoomCollapsesSaysSo() {
        StoreReply stored = client.store(message(phone, id, System.currentTimeMillis() + 60_000));
        client.record("demo", id, copy(phone, stored.getSeq()));

        assertThat(client.settle(phone, stored.getSeq(), id, State.COLLAPSED, ""))
                .isEqualTo(State.COLLAPSED);
        assertThat(client.inbox(phone)).isEmpty();
        assertThat(client.look("demo", id)).extracting(Copy::getState).containsExactly(State.COLLAPSED);
    }

    @Test
    void whatIsDroppedSaysWhy() {
        StoreReply stored = client.store(message(phone, id, System.currentTimeMillis()));
        client.record("demo", id, copy(phone, stored.getSeq()));

        assertThat(client.settle(phone, stored.getSeq(), id, State.DROPPED, "offline"))
                .isEqualTo(State.DROPPED);
        assertThat(client.look("demo", id))
                .singleElement()
                .satisfies(one -> assertThat(one.getReason()).isEqualTo("offline"));
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> client.settle(phone, stored.getSeq(), id, State.ACKED, ""));
    }

    @Test
    void ofManyClaimsAtTheSameMomentOneIsNewAndAnotherBodyIsAConflict() {
        List<ClaimReply> replies =
                IntStream.range(0, 50).mapToObj(i -> client.claimLater("demo", id, "body")).toList().stream()
                        .map(CompletableFuture::join)
                        .toList();

        assertThat(replies).extracting(ClaimReply::getIsNew).containsOnlyOnce(true);
        assertThat(replies)
                .extracting(ClaimReply::getClaimedAtMs)
                .containsOnly(replies.getFirst().getClaimedAtMs());
        assertFails(ErrorCode.IDEMPOTENCY_CONFLICT, () -> client.claim("demo", id, "other"));
        assertThat(client.claim("demo", id, "body").getRecorded()).isFalse();
        client.record("demo", id, copy(phone, 5));
        assertThat(client.claim("demo", id, "body").getRecorded()).isTrue();
    }

    @Test
    void oneIdStoredBySeveralAtTheSameMomentIsOneCopy() {
        List<StoreReply> replies =
                IntStream.range(0, 50).mapToObj(i -> client.storeLater(message(phone, id))).toList().stream()
                        .map(CompletableFuture::join)
                        .toList();

        assertThat(replies)
                .extracting(StoreReply::getSeq)
                .containsOnly(replies.getFirst().getSeq());
        assertThat(replies).extracting(StoreReply::getRepeated).containsOnlyOnce(false);
        assertThat(client.ids(phone)).containsExactly(id);
    }

    @Test
    void aMessageNobodyRecordedIsNotFound() {
        assertFails(ErrorCode.MESSAGE_NOT_FOUND, () -> client.look("demo", "never-sent"));
        client.claim("demo", id, "body");
        assertFails(ErrorCode.MESSAGE_NOT_FOUND, () -> client.look("demo", id));
    }

    private static ClaimedTarget devicesOf(Endpoint endpoint) {
        return ClaimedTarget.newBuilder().setUser(endpoint.getUser()).build();
    }

    @Test
    void whatIsClaimedAndNotRecordedIsToldToWhoRecallsItAndIsSoThereForGood() {
        Endpoint other = SaverCluster.someone("demo");
        client.claimFor("demo", id, "body", List.of(devicesOf(phone), devicesOf(other)));
        StoreReply stored = client.store(phone, id);
        new SchedulesClient(client).cancel("demo", id);

        assertThat(client.looked("demo", id).getClaimedList())
                .containsExactlyInAnyOrder(devicesOf(phone), devicesOf(other));
        SettleReply found = client.refuse(phone, id);
        assertThat(found.getState()).isEqualTo(State.RECALLED);
        assertThat(found.getSeq()).isEqualTo(stored.getSeq());
        assertThat(found.getDevice()).isEqualTo(phone.getDevice());
        assertThat(client.refuse(other, id).getSeq()).isZero();
        client.recordRecall("demo", id, devicesOf(phone), copy(phone, stored.getSeq()), devicesOf(other));

        StoreReply late = client.store(other, id);
        assertThat(late.getState()).isEqualTo(State.RECALLED);
        assertThat(late.getRepeated()).isTrue();
        assertThat(client.ids(phone)).isEmpty();
        assertThat(client.ids(other)).isEmpty();
        assertThat(client.looked("demo", id).getClaimedList()).isEmpty();
        assertThat(client.look("demo", id)).extracting(Copy::getState).containsExactly(State.RECALLED, State.RECALLED);
    }

    @Test
    void noMoreThanAThousandTargetsAreClaimed() {
        List<ClaimedTarget> many = Collections.nCopies(1_001, devicesOf(phone));
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> client.claimFor("demo", id, "body", many));
        assertThat(client.claim("demo", id, "body").getIsNew()).isTrue();
    }

    @Test
    void whatWasToldOfDefaultIsFoundAtItsHeir() {
        StoreReply stored = client.store(nobody, id);
        assertThat(stored.getDevice()).isEqualTo("default");
        client.record("demo", id, copy(nobody, stored.getSeq()));
        client.open(phone, 0, 10);

        assertThat(client.store(nobody, id).getDevice()).isEqualTo("phone");
        client.record("demo", id, copy(phone, stored.getSeq()));
        client.ack(phone, stored.getSeq());
        assertThat(client.look("demo", id))
                .containsExactly(copy(phone, stored.getSeq()).toBuilder()
                        .setState(State.ACKED)
                        .build());
    }

    @Test
    void storeAndFirstOpenAtTheSameMomentReachOneInboxOnce() {
        for (int round = 0; round < 100; round++) {
            Endpoint device = SaverCluster.someone("demo");
            Endpoint other = device(device, "pad");
            Endpoint unnamed = device(device, "default");
            List<CompletableFuture<?>> all = List.of(
                    client.storeLater(message(unnamed, "m1")),
                    CompletableFuture.runAsync(() -> client.open(device, 0, 10), Thread::startVirtualThread),
                    client.storeLater(message(unnamed, "m1")),
                    CompletableFuture.runAsync(() -> client.open(other, 0, 10), Thread::startVirtualThread));
            all.forEach(CompletableFuture::join);

            List<String> everywhere = new ArrayList<>(client.ids(device));
            everywhere.addAll(client.ids(other));
            everywhere.addAll(client.ids(unnamed));
            assertThat(everywhere).containsExactly("m1");
            assertThat(client.ids(unnamed)).isEmpty();
        }
    }

    @Test
    void aHintNobodySettledIsFoundUntilItIs() {
        StoreReply stored = client.store(phone, "m1");
        int shard = Shards.of("demo", phone.getUser());
        assertThat(client.unsent(shard, 0).getEndpointsList()).anySatisfy(one -> {
            assertThat(one.getEndpoint()).isEqualTo(phone);
            assertThat(one.getSeq()).isEqualTo(stored.getSeq());
        });

        client.settle(phone, stored.getSeq(), "", State.STORED, "");
        assertThat(client.unsent(shard, 0).getEndpointsList())
                .noneMatch(one -> one.getEndpoint().equals(phone));
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> client.unsent(256, 0));
    }

    @Test
    void aForgottenEndpointIsEmpty() {
        StoreReply stored = client.store(phone, id);
        client.record("demo", id, copy(phone, stored.getSeq()));

        assertThat(client.forget(phone)).isEqualTo(1);
        assertThat(client.inbox(phone)).isEmpty();
        assertThat(client.look("demo", id)).singleElement().satisfies(one -> {
            assertThat(one.getState()).isEqualTo(State.DROPPED);
            assertThat(one.getReason()).isEqualTo("forgotten");
        });
    }

    @Test
    void whatANewerMessageReplacedSaysSo() {
        StoreReply older = client.store(keyed(message(phone, id)));
        client.record("demo", id, copy(phone, older.getSeq()));
        StoreReply newer = client.store(keyed(message(phone, id + "-2")));

        assertThat(newer.getBefore()).isZero();
        assertThat(client.ids(phone)).containsExactly(id + "-2");
        assertThat(client.look("demo", id)).extracting(Copy::getState).containsExactly(State.COLLAPSED);
    }

    private static StoreRequest keyed(StoreRequest request) {
        StoreRequest.Builder keyed = request.toBuilder();
        keyed.getMessageBuilder().setCollapseKey("order");
        return keyed.build();
    }

    @Test
    void devicesAreNotedAndReadByShard() {
        client.note(phone, 10, false);
        client.note(device(phone, "pad"), 11, false);
        client.note(device(phone, "pad"), 11, true);

        assertThat(client.devices(Shards.of("demo", phone.getUser())))
                .filteredOn(row -> row.getEndpoint().getUser().equals(phone.getUser()))
                .singleElement()
                .satisfies((DeviceRow row) -> {
                    assertThat(row.getEndpoint()).isEqualTo(phone);
                    assertThat(row.getGeneration()).isEqualTo(10);
                    assertThat(row.getSeenMs()).isPositive();
                });
        assertThat(client.devices(Shards.of("demo", phone.getUser()), true))
                .filteredOn(row -> row.getEndpoint().getUser().equals(phone.getUser()))
                .extracting(row -> row.getEndpoint().getDevice(), DeviceRow::getGeneration, DeviceRow::getForgotten)
                .containsExactlyInAnyOrder(tuple(phone.getDevice(), 10L, false), tuple("pad", 11L, true));
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> client.devices(256));
    }

    @Test
    void theAdminPortSaysItIsReadyAndWhatItCounts() throws IOException, InterruptedException {
        client.store(phone, "m1");
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
        assertThat(get("/metrics").body()).contains("longline_saver_journal_depth", "longline_saver_rebuild_suspected");
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + saver.adminPort() + path))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void aStoreThatWaitsForMysqlHoldsNoNeighbourOfItsBatch() {
        Endpoint fast = SaverCluster.someone("fast");
        client.store(phone, "first");
        client.store(fast, "first");
        List<CompletableFuture<StoreReply>> careful = new ArrayList<>();
        List<CompletableFuture<StoreReply>> quick = new ArrayList<>();
        mysql.store().pause();
        try {
            for (int i = 0; i < 200; i++) {
                careful.add(client.storeLater(message(phone, "m" + i)));
                quick.add(client.storeLater(message(fast, "m" + i)));
            }
            quick.forEach(one -> assertThat(one.join().getSeq()).isPositive());
            assertThat(careful).allSatisfy(one -> assertThat(one).isNotDone());
        } finally {
            mysql.store().resume();
        }
        careful.forEach(one -> assertThat(one.join().getSeq()).isPositive());
    }
}
