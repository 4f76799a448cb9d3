package io.longline.saver.message;

import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;

/**
 * What became of a copy.
 *
 * @param endpoint where it is now
 * @param seq 0: there is none
 * @param reason of dropped; empty otherwise
 */
record CopyStatus(Endpoint endpoint, long seq, CopyState state, String reason) {
    private static final String FAILED = "failed";

    /** Of a target that has no copy: it is to have one, or never will. */
    static CopyStatus ofNone(Endpoint target, CopyState state) {
        return new CopyStatus(target, 0, state, state == CopyState.DROPPED ? FAILED : "");
    }
}
