package io.longline.sdk.state;

import java.nio.file.Path;

/** An app that handles one message after the other until it is killed; it prints each that it has finished with. */
final class StateWriterMain {
    static final String ENDPOINT = "demo/u1/phone";

    private StateWriterMain() {}

    public static void main(String[] args) {
        FileStateStore store = new FileStateStore(Path.of(args[0]));
        for (long seq = store.finished(ENDPOINT) + 1; ; seq++) {
            store.begin(ENDPOINT, seq);
            store.finish(ENDPOINT, seq);
            System.out.println(seq);
        }
    }
}
