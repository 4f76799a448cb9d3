package io.longline.center.jobrun;

/** Work on one job. */
sealed interface JobRun permits SendRun, KickRun, RecallRun, RecallBroadcastRun {

    /** Goes on from where it was left, until it is done, or somebody else is to go on. */
    void run();

    /** It failed in a way that nobody expected, and would again. */
    void giveUp();
}
