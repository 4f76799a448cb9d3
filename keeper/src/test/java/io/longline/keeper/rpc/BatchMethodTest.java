package io.longline.keeper.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.rpc.v1.BindReply;
import io.longline.rpc.v1.HandOverBatch;
import io.longline.rpc.v1.HandOverReplies;
import io.longline.rpc.v1.HandOverReply;
import io.longline.rpc.v1.HandOverRequest;
import io.longline.rpc.v1.LocateReply;
import io.longline.rpc.v1.LocateRequest;
import io.longline.rpc.v1.RefillRequest;
import io.longline.rpc.v1.RefillRow;
import io.longline.rpc.v1.RoutesGrpc;
import io.longline.rpc.v1.SessionsGrpc;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchMethodTest {

    @Test
    void aBatchCarriesIdTimeAndRequests() {
        Message batch = Calls.HAND_OVER.batch(7, 1_500, 90_000, List.of(Calls.request(1), Calls.request(2)));
        assertThat(batch)
                .isEqualTo(HandOverBatch.newBuilder()
                        .setId(7)
                        .setDeadlineMs(1_500)
                        .setUntilMs(90_000)
                        .addRequests(Calls.request(1))
                        .addRequests(Calls.request(2))
                        .build());
        assertThat(Calls.HAND_OVER.batchId(batch)).isEqualTo(7);
        assertThat(Calls.HAND_OVER.deadlineMillis(batch)).isEqualTo(1_500);
        assertThat(Calls.HAND_OVER.untilMillis(batch)).isEqualTo(90_000);
        assertThat(Calls.HAND_OVER.requests(batch)).containsExactly(Calls.request(1), Calls.request(2));
    }

    @Test
    void repliesCarryTheIdAndTheErrorOfEach() {
        HandOverReply failed = HandOverReply.newBuilder()
                .setError(ErrorTranslator.toStatus(new LonglineException(ErrorCode.NOT_FOUND, "gone")))
                .build();
        Message replies = Calls.HAND_OVER.replies(7, List.of(Calls.reply(Calls.request(1)), failed));
        assertThat(replies)
                .isEqualTo(HandOverReplies.newBuilder()
                        .setId(7)
                        .addReplies(Calls.reply(Calls.request(1)))
                        .addReplies(failed)
                        .build());
        assertThat(Calls.HAND_OVER.repliesId(replies)).isEqualTo(7);
        assertThat(Calls.HAND_OVER.batchError(replies)).isEmpty();
        assertThat(Calls.HAND_OVER.replies(replies))
                .extracting(reply -> Calls.HAND_OVER.itemError(reply).isPresent())
                .containsExactly(false, true);
    }

    @Test
    void itsNamesAreFitForTags() {
        assertThat(Calls.HAND_OVER.name()).isEqualTo("HandOver");
        assertThat(Calls.HAND_OVER.service()).isEqualTo("Delivery");
    }

    @Test
    void aPartNamesTheRequestsThatItAnswers() {
        HandOverReply reply = Calls.reply(Calls.request(1));
        Message part = Calls.HAND_OVER.replies(7, List.of(3), List.of(reply));
        assertThat(part)
                .isEqualTo(HandOverReplies.newBuilder()
                        .setId(7)
                        .addReplies(reply)
                        .addAt(3)
                        .build());
        assertThat(Calls.HAND_OVER.at(part)).containsExactly(3);
        assertThat(Calls.HAND_OVER.at(Calls.HAND_OVER.replies(7, List.of(reply))))
                .isEmpty();
    }

    @Test
    void theFailureOfOneRequestIsAReplyWithItsError() {
        com.google.rpc.Status status = ErrorTranslator.toStatus(new LonglineException(ErrorCode.NOT_FOUND, "gone"));
        assertThat(Calls.HAND_OVER.itemFailure(status))
                .isEqualTo(HandOverReply.newBuilder().setError(status).build());
    }

    @Test
    void aFailureIsThatOfTheWholeBatch() {
        com.google.rpc.Status status =
                ErrorTranslator.toStatus(new LonglineException(ErrorCode.OVERLOADED, "too much"));
        Message failure = Calls.HAND_OVER.failure(7, status);
        assertThat(Calls.HAND_OVER.repliesId(failure)).isEqualTo(7);
        assertThat(Calls.HAND_OVER.batchError(failure)).contains(status);
        assertThat(Calls.HAND_OVER.replies(failure)).isEmpty();
    }

    @Test
    void aTimeBeyondWhatTheFieldHoldsIsCut() {
        assertThat(Calls.HAND_OVER.deadlineMillis(Calls.HAND_OVER.batch(1, Long.MAX_VALUE, 0, List.of())))
                .isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void aMethodThatStreamsNoBatchesIsRefused() {
        assertThatThrownBy(() -> BatchMethod.of(SessionsGrpc.getRefillMethod(), RefillRequest.class, RefillRow.class))
                .hasMessage("longline.rpc.v1.Sessions/Refill is SERVER_STREAMING, expected a stream of batches that"
                        + " answers a stream of replies");
    }

    @Test
    void typesThatTheMethodDoesNotCarryAreRefused() {
        assertThatThrownBy(() -> BatchMethod.of(RoutesGrpc.getLocateMethod(), HandOverRequest.class, LocateReply.class))
                .hasMessageStartingWith("longline.rpc.v1.LocateBatch carries io.longline.rpc.v1.LocateRequest");
        assertThatThrownBy(() -> BatchMethod.of(RoutesGrpc.getLocateMethod(), LocateRequest.class, BindReply.class))
                .hasMessageStartingWith("longline.rpc.v1.LocateReplies carries io.longline.rpc.v1.LocateReply");
    }

    @Test
    void messagesOfAnotherShapeAreRefusedByTheirFirstWrongField() {
        MethodDescriptor<HandOverReply, HandOverReplies> method =
                MethodDescriptor.<HandOverReply, HandOverReplies>newBuilder()
                        .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                        .setFullMethodName("test.Odd/Call")
                        .setRequestMarshaller(ProtoUtils.marshaller(HandOverReply.getDefaultInstance()))
                        .setResponseMarshaller(ProtoUtils.marshaller(HandOverReplies.getDefaultInstance()))
                        .build();
        assertThatThrownBy(() -> BatchMethod.of(method, HandOverRequest.class, HandOverReply.class))
                .hasMessage("test.Odd/Call: field 1 of HandOverReply is not \"uint64 id = 1\"");
    }

    @Test
    void repliesThatCannotBeGivenInPartsAreRefused() {
        MethodDescriptor<HandOverBatch, RefillRow> method = MethodDescriptor.<HandOverBatch, RefillRow>newBuilder()
                .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                .setFullMethodName("test.Odd/Call")
                .setRequestMarshaller(ProtoUtils.marshaller(HandOverBatch.getDefaultInstance()))
                .setResponseMarshaller(ProtoUtils.marshaller(RefillRow.getDefaultInstance()))
                .build();
        assertThatThrownBy(() -> BatchMethod.of(method, HandOverRequest.class, HandOverReply.class))
                .hasMessageContaining("is not \"uint64 id = 1\"");
    }
}
