package io.longline.saver.job;

/** What somebody has a place for. */
enum TakeWhat {
    ANY,
    TO_SEND,
    TO_RECALL;

    boolean sends() {
        return this != TO_RECALL;
    }

    boolean recalls() {
        return this != TO_SEND;
    }
}
