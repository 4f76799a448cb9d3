package io.longline.bench.crowd;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.keeper.http.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** A process of the crowd. Its first line of input is its setup, each further one a command; each is answered by a line. It ends with its input. */
public final class CrowdMain {

    private CrowdMain() {}

    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String first = in.readLine();
        if (first == null) {
            return;
        }
        try (Crowd crowd = new Crowd(CrowdSetup.of(Json.parse(first.getBytes(StandardCharsets.UTF_8))))) {
            answer(Json.object());
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                answer(crowd.obey(Json.parse(line.getBytes(StandardCharsets.UTF_8))));
            }
        }
    }

    private static void answer(ObjectNode node) {
        System.out.println(new String(Json.bytes(node), StandardCharsets.UTF_8));
        System.out.flush();
    }
}
