package io.longline.deploy.cluster;

/** A cluster could not be started or found, for a reason that one line tells its operator. */
public final class ClusterException extends RuntimeException {

    public ClusterException(String message) {
        super(message);
    }

    public ClusterException(String message, Throwable cause) {
        super(message, cause);
    }
}
