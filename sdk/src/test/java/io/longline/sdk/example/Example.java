package io.longline.sdk.example;

import io.longline.sdk.LonglineClient;
import io.longline.sdk.state.FileStateStore;
import java.nio.file.Path;

/** Prints the messages of a user until Enter is pressed: {@code Example TOKEN}. */
final class Example {
    private Example() {}

    public static void main(String[] args) throws Exception {
        LonglineClient client = LonglineClient.builder()
                .dispatcher("http://127.0.0.1:7000")
                .product("demo")
                .user("u1001")
                .device("phone")
                .token(() -> args[0])
                .stateStore(new FileStateStore(Path.of("longline.state")))
                .listener(message -> System.out.println(message.text()))
                .build();
        client.start();
        System.in.read();
        client.close();
    }
}
