package io.longline.saver.journal;

/** What a connection is wanted for. Each has connections of its own, so that none keeps the others waiting. */
public enum MysqlUse {
    /** Whole shards, for a rebuild. */
    RESTORE,
    PURGE,
    /** What somebody waits for: single endpoints, register's devices. */
    READ,
    /** Lists of jobs, and how far they have come. */
    JOB,
    /** Events that no back end took. */
    LETTER,
    /** Events that wait for back ends, there and back. */
    BACKLOG
}
