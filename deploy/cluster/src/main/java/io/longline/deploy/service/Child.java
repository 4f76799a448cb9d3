package io.longline.deploy.service;

/** A process of this one's: to be killed, stopped, continued and started again. Safe for use by many threads. */
public interface Child extends AutoCloseable {

    /** Starts it; nothing happens if it runs. */
    void start();

    /** The pid of the process that was started last. */
    long pid();

    /** Whether its process lives; also true while it is stopped. */
    boolean isRunning();

    /** SIGKILL, and waits until it is gone; it stays down until it is started again. */
    void kill();

    /** SIGSTOP: it keeps its connections and does nothing. */
    void stop();

    /** SIGCONT: ends {@link #stop}. */
    void resume();

    /** Ends it in an orderly way if it runs, also one that is stopped, and starts it as it was. */
    void restart();

    /** SIGTERM, and SIGKILL where that does not help within 10 s; it stays down. */
    @Override
    void close();

    /** SIGKILL, and waits until it is gone; it stays down. */
    void closeForcibly();
}
