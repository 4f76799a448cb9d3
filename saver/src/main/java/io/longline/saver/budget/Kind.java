package io.longline.saver.budget;

/** What the saver keeps in Redis that grows with what is sent. */
public enum Kind {
    /** Messages that wait. */
    INBOX,
    /** What became of each copy of the last 24 h. */
    COPY,
    /** Claims of message ids of the last 24 h, and to whom their messages went. */
    RECORD,
    /** Messages that are to be sent later. */
    SCHEDULE,
    /** To whom messages of the last 24 h went whose ids nobody claimed: of this the oldest is given up, and nothing refused. */
    EXPLAIN,
    /** Logs of topics. */
    TOPIC
}
