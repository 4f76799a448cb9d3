package io.longline.saver.job;

import com.google.protobuf.ByteString;

/**
 * A job whose list is whole, or which needs none.
 *
 * @param push what is to be sent; nobody here looks into it
 * @param partSize targets in each part of the list but the last
 */
record NewJob(Job job, ByteString bodyHash, ByteString push, int partSize) {

    /** Of its list. */
    int parts() {
        return Math.ceilDiv(job.targeted(), partSize);
    }
}
