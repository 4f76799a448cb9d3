package io.longline.stores.junit;

/** Closes what a test run that is interrupted, or shares a store, would leave running. */
final class EndOfJvm {

    private EndOfJvm() {}

    /** Closing twice does no harm. */
    static void close(AutoCloseable store) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            try {
                                store.close();
                            } catch (Exception e) {
                                System.err.println("cannot close " + store + ": " + e);
                            }
                        },
                        "end-of-jvm"));
    }
}
