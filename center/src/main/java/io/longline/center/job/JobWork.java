package io.longline.center.job;

/** What is to be done with a job. */
public enum JobWork {
    SEND,
    BROADCAST,
    RECALL,
    KICK
}
