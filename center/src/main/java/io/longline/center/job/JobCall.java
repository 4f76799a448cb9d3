package io.longline.center.job;

import com.google.protobuf.Message;
import io.longline.center.wire.Unanswered;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;

/** Calls to the part of saver that keeps jobs. */
final class JobCall {

    private JobCall() {}

    static <Q extends Message, A extends Message> A await(
            Peers savers, long key, BatchMethod<Q, A> method, Q request, Deadline deadline) {
        try {
            return savers.await(key, method, request, deadline);
        } catch (LonglineException e) {
            LonglineException known = Unanswered.by("saver", e);
            throw known.code() == ErrorCode.METHOD_NOT_ALLOWED
                    ? LonglineException.dependencyDown("saver", "saver is of an earlier release and has no jobs", known)
                    : known;
        }
    }
}
