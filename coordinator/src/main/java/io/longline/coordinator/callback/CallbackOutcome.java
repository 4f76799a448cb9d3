package io.longline.coordinator.callback;

import com.google.protobuf.ByteString;

/** What came of a request to a callback. */
public sealed interface CallbackOutcome {

    /** For the back end's people: not what our network looks like. */
    default String inShort() {
        return switch (this) {
            case Taken _ -> "taken";
            case Refused refused -> "status " + refused.status();
            case Unanswered _, Spared _ -> "no answer";
        };
    }

    /**
     * It has what was sent.
     *
     * @param answer its body; empty where it was too long or did not come in time
     */
    record Taken(ByteString answer) implements CallbackOutcome {

        /** For logs, which do not say what is answered. */
        @Override
        public String toString() {
            return "Taken[" + answer.size() + " bytes]";
        }
    }

    /**
     * It answered something else.
     *
     * @param status of HTTP
     */
    record Refused(int status) implements CallbackOutcome {}

    /** It did not answer, or its address is not allowed. */
    record Unanswered(String why) implements CallbackOutcome {}

    /** It was not asked: it has failed lately, and is left alone for a while. */
    record Spared() implements CallbackOutcome {}
}
