package io.longline.saver.budget;

/** What the saver keeps in Redis that grows with what is sent. */
public enum Kind {
    /** Messages that wait. */
    INBOX,
    /** What became of each copy of the last 24 h. */
    COPY,
    /** Claims of message ids, and to whom each message of the last 24 h went. */
    RECORD,
    /** Messages that are to be sent later. */
    SCHEDULE
}
