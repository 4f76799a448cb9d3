package io.longline.saver.job;

/** How a job stands. The numbers are those of the table. */
enum JobState {
    /** Its list is still coming: nobody is told of it. */
    RECEIVING(0),
    QUEUED(1),
    RUNNING(2),
    PAUSED(3),
    /** Of a broadcast: its canary has it. */
    HOLDING(4),
    DONE(5),
    CANCELLED(6),
    FAILED(7);

    private final int number;

    JobState(int number) {
        this.number = number;
    }

    static JobState of(int number) {
        for (JobState state : values()) {
            if (state.number == number) {
                return state;
            }
        }
        throw new IllegalStateException("no job has state " + number);
    }

    int number() {
        return number;
    }

    boolean isFinal() {
        return number >= DONE.number;
    }
}
