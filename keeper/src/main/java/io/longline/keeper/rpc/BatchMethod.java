package io.longline.keeper.rpc;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.rpc.Status;
import io.grpc.MethodDescriptor;
import java.util.List;
import java.util.Optional;

/**
 * A method whose requests and replies travel in batches over a bidirectional stream, in the shape that {@code common.proto}
 * gives. Made once, in a constant: a method of another shape fails there and not in the middle of a call.
 *
 * @param <Q> one request
 * @param <A> its reply
 */
public final class BatchMethod<Q extends Message, A extends Message> {
    private final MethodDescriptor<Message, Message> method;
    private final Message batchPrototype;
    private final Message repliesPrototype;
    private final Message replyPrototype;
    private final BatchShape shape;

    private BatchMethod(MethodDescriptor<Message, Message> method, Class<Q> request, Class<A> reply) {
        this.method = method;
        batchPrototype = prototype(method.getRequestMarshaller(), method);
        repliesPrototype = prototype(method.getResponseMarshaller(), method);
        shape = new BatchShape(
                method.getFullMethodName(),
                batchPrototype.getDescriptorForType(),
                repliesPrototype.getDescriptorForType());
        checkType(prototypeOf(batchPrototype, shape.requests()), batchPrototype, request);
        replyPrototype = prototypeOf(repliesPrototype, shape.replies());
        checkType(replyPrototype, repliesPrototype, reply);
    }

    /** The method of the generated {@code XGrpc} class, with the types of one request and one reply. */
    @SuppressWarnings("unchecked") // The prototypes of both marshallers are messages, and are all that is made of them.
    public static <Q extends Message, A extends Message> BatchMethod<Q, A> of(
            MethodDescriptor<? extends Message, ? extends Message> method, Class<Q> request, Class<A> reply) {
        if (method.getType() != MethodDescriptor.MethodType.BIDI_STREAMING) {
            throw new IllegalArgumentException(method.getFullMethodName() + " is " + method.getType()
                    + ", expected a stream of batches that answers a stream of replies");
        }
        return new BatchMethod<>((MethodDescriptor<Message, Message>) method, request, reply);
    }

    /** {@code Store} of {@code longline.rpc.v1.Inboxes/Store}; a known name, fit for a metric's tag. */
    String name() {
        String bare = method.getBareMethodName();
        return bare == null ? method.getFullMethodName() : bare;
    }

    /** {@code Inboxes} of {@code longline.rpc.v1.Inboxes/Store}; likewise. */
    String service() {
        String full = String.valueOf(method.getServiceName());
        return full.substring(full.lastIndexOf('.') + 1);
    }

    MethodDescriptor<Message, Message> descriptor() {
        return method;
    }

    /** {@code untilMillis} is on the receiver's clock, 0 where it is not known. */
    Message batch(long id, long deadlineMillis, long untilMillis, List<Q> requests) {
        return batchPrototype
                .newBuilderForType()
                .setField(shape.batchId(), id)
                .setField(shape.deadlineMillis(), (int) Math.min(deadlineMillis, Integer.MAX_VALUE))
                .setField(shape.untilMillis(), untilMillis)
                .setField(shape.requests(), requests)
                .build();
    }

    long batchId(Message batch) {
        return (Long) batch.getField(shape.batchId());
    }

    long deadlineMillis(Message batch) {
        return Integer.toUnsignedLong((Integer) batch.getField(shape.deadlineMillis()));
    }

    long untilMillis(Message batch) {
        return (Long) batch.getField(shape.untilMillis());
    }

    @SuppressWarnings("unchecked") // The constructor has compared the type.
    List<Q> requests(Message batch) {
        return (List<Q>) batch.getField(shape.requests());
    }

    Message replies(long id, List<A> replies) {
        return repliesPrototype
                .newBuilderForType()
                .setField(shape.repliesId(), id)
                .setField(shape.replies(), replies)
                .build();
    }

    /** Replies to some of the requests of a batch: the one at i answers the request at {@code at[i]}. */
    Message replies(long id, List<Integer> at, List<A> replies) {
        return repliesPrototype
                .newBuilderForType()
                .setField(shape.repliesId(), id)
                .setField(shape.replies(), replies)
                .setField(shape.at(), at)
                .build();
    }

    /** The reply to one request that failed. */
    @SuppressWarnings("unchecked") // The constructor has compared the type.
    A itemFailure(Status error) {
        return (A) replyPrototype
                .newBuilderForType()
                .setField(shape.itemError(), error)
                .build();
    }

    Message failure(long id, Status error) {
        return repliesPrototype
                .newBuilderForType()
                .setField(shape.repliesId(), id)
                .setField(shape.batchError(), error)
                .build();
    }

    long repliesId(Message replies) {
        return (Long) replies.getField(shape.repliesId());
    }

    Optional<Status> batchError(Message replies) {
        return error(replies, shape.batchError());
    }

    @SuppressWarnings("unchecked") // The constructor has compared the type.
    List<A> replies(Message replies) {
        return (List<A>) replies.getField(shape.replies());
    }

    /** Which requests are answered; empty where it is all of them. */
    @SuppressWarnings("unchecked") // The shape says so.
    List<Integer> at(Message replies) {
        return (List<Integer>) replies.getField(shape.at());
    }

    Optional<Status> itemError(A reply) {
        return error(reply, shape.itemError());
    }

    @Override
    public String toString() {
        return method.getFullMethodName();
    }

    private static Optional<Status> error(Message message, FieldDescriptor field) {
        return message.hasField(field) ? Optional.of((Status) message.getField(field)) : Optional.empty();
    }

    private static Message prototype(MethodDescriptor.Marshaller<Message> marshaller, MethodDescriptor<?, ?> method) {
        if (marshaller instanceof MethodDescriptor.PrototypeMarshaller<Message> known) {
            Message prototype = known.getMessagePrototype();
            if (prototype != null) {
                return prototype;
            }
        }
        throw new IllegalArgumentException(method.getFullMethodName() + " does not carry protobuf messages");
    }

    private static Message prototypeOf(Message holder, FieldDescriptor list) {
        return holder.newBuilderForType().newBuilderForField(list).getDefaultInstanceForType();
    }

    private static void checkType(Message found, Message holder, Class<?> expected) {
        if (found.getClass() != expected) {
            Descriptor type = holder.getDescriptorForType();
            throw new IllegalArgumentException(
                    type.getFullName() + " carries " + found.getClass().getName() + ", not " + expected.getName());
        }
    }
}
