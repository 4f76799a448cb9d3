package io.longline.center.job;

import com.google.protobuf.ByteString;

/** The job of a message id, and the hash of the body that it was made of. */
public record KnownJob(Job job, ByteString bodyHash) {

    public boolean isOf(byte[] hash) {
        return bodyHash.equals(ByteString.copyFrom(hash));
    }
}
