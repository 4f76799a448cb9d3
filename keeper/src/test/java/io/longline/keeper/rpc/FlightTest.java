package io.longline.keeper.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.rpc.v1.HandOverReplies;
import io.longline.rpc.v1.HandOverReply;
import io.longline.rpc.v1.HandOverRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What a caller makes of the answers to a batch, also of those that a peer should not give. */
class FlightTest {
    private final AtomicInteger roomGiven = new AtomicInteger();
    private final AtomicLong bytesGiven = new AtomicLong();
    private final List<Flight.Call<HandOverRequest, HandOverReply>> calls = LongStream.range(0, 4)
            .mapToObj(seq -> new Flight.Call<>(
                    Calls.request(seq), 10, Calls.seconds(60), seq > 0, new CompletableFuture<HandOverReply>()))
            .toList();
    private final Flight<HandOverRequest, HandOverReply> flight = new Flight<>(calls, (requests, bytes) -> {
        roomGiven.addAndGet(requests);
        bytesGiven.addAndGet(bytes);
    });

    private static HandOverReplies part(int... at) {
        HandOverReplies.Builder part = HandOverReplies.newBuilder();
        for (int index : at) {
            part.addAt(index).addReplies(Calls.reply(Calls.request(index)));
        }
        return part.build();
    }

    private void answered(HandOverReplies replies) {
        flight.answer(Calls.HAND_OVER, replies);
    }

    private String reason(int index) {
        return calls.get(index)
                .future()
                .getNow(HandOverReply.getDefaultInstance())
                .getReason();
    }

    private ErrorCode failure(int index) {
        return Calls.failure(calls.get(index).future()).code();
    }

    @Test
    void eachPartCompletesItsOwnCallsAndGivesBackTheirRoom() {
        answered(part(2, 0));

        assertThat(reason(0)).isEqualTo("seq 0");
        assertThat(reason(2)).isEqualTo("seq 2");
        assertThat(calls.get(1).future()).isNotDone();
        assertThat(flight.done()).isFalse();
        assertThat(roomGiven).hasValue(2);
        assertThat(bytesGiven).hasValue(20);

        answered(part(3));
        answered(part(1));

        assertThat(reason(1)).isEqualTo("seq 1");
        assertThat(reason(3)).isEqualTo("seq 3");
        assertThat(flight.done()).isTrue();
        assertThat(roomGiven).hasValue(4);
    }

    @Test
    void repliesWithoutPlacesAnswerTheWholeBatchInItsOrder() {
        HandOverReplies.Builder all = HandOverReplies.newBuilder();
        calls.forEach(call -> all.addReplies(Calls.reply(call.request())));

        answered(all.build());

        assertThat(flight.done()).isTrue();
        assertThat(reason(3)).isEqualTo("seq 3");
    }

    @Test
    void whatIsAnsweredTwiceKeepsItsFirstAnswerAndGivesItsRoomBackOnce() {
        answered(part(1));
        answered(HandOverReplies.newBuilder()
                .addAt(1)
                .addReplies(HandOverReply.newBuilder().setReason("second"))
                .addAt(0)
                .addReplies(Calls.reply(Calls.request(0)))
                .build());

        assertThat(reason(1)).isEqualTo("seq 1");
        assertThat(reason(0)).isEqualTo("seq 0");
        assertThat(roomGiven).hasValue(2);
    }

    @Test
    void anErrorOfTheRepliesIsThatOfAllNotAnsweredYet() {
        answered(part(1));
        answered(HandOverReplies.newBuilder()
                .setError(ErrorTranslator.toStatus(new LonglineException(ErrorCode.DRAINING, "leaving")))
                .build());

        assertThat(reason(1)).isEqualTo("seq 1");
        assertThat(List.of(failure(0), failure(2), failure(3))).containsOnly(ErrorCode.DRAINING);
        assertThat(flight.done()).isTrue();
        assertThat(roomGiven).hasValue(4);
    }

    @Test
    void anAnswerToARequestThatIsNotThereFailsWhatIsLeft() {
        answered(part(1));
        answered(part(4));

        assertThat(reason(1)).isEqualTo("seq 1");
        assertThat(List.of(failure(0), failure(2), failure(3))).containsOnly(ErrorCode.INTERNAL);
    }

    @Test
    void repliesThatAreTooFewOrWithoutTheirPlacesFailWhatIsLeft() {
        answered(part(0, 1).toBuilder().clearAt().addAt(0).build());

        assertThat(failure(0)).isEqualTo(ErrorCode.INTERNAL);
        assertThat(flight.done()).isTrue();
    }

    @Test
    void anEmptyAnswerFailsWhatIsLeft() {
        answered(HandOverReplies.getDefaultInstance());

        assertThat(failure(0)).isEqualTo(ErrorCode.INTERNAL);
    }

    @Test
    void theEndOfTheStreamFailsOnlyWhatWasNotAnswered() {
        answered(part(0, 3));
        flight.fail(LonglineException.dependencyDown("room", "room-1 broke off", null));

        assertThat(reason(0)).isEqualTo("seq 0");
        assertThat(reason(3)).isEqualTo("seq 3");
        assertThat(List.of(failure(1), failure(2))).containsOnly(ErrorCode.DEPENDENCY_DOWN);
        assertThat(roomGiven).hasValue(4);
    }

    @Test
    void whatMayBeDoneElsewhereIsLetGoAndStaysInFlight() {
        flight.letGo(LonglineException.dependencyDown("room", "room-1 does not answer", null));

        assertThat(calls.get(0).future()).isNotDone();
        assertThat(List.of(failure(1), failure(2), failure(3))).containsOnly(ErrorCode.DEPENDENCY_DOWN);
        assertThat(roomGiven).hasValue(0);

        answered(part(0, 1));
        assertThat(reason(0)).isEqualTo("seq 0");
        assertThat(roomGiven).hasValue(2);
    }
}
