package io.longline.deploy.check.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.deploy.check.history.Answer;
import io.longline.keeper.http.Json;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A request that sends letters.
 *
 * @param word what it is called in counts
 * @param reading its answer as one for each part of each letter, in their order
 */
record Post(String word, String path, String body, Function<HttpResponse<byte[]>, List<Answer>> reading) {
    private static final String MESSAGES = "/v1/messages:";

    /**
     * Of one letter.
     *
     * @param jobs hears of the job that it became, if it did
     */
    static Post of(Letter letter, Consumer<String> jobs) {
        int targets = letter.parts().size();
        return switch (letter.message().form()) {
            case ONE -> message("send", letter.body(), response -> List.of(AnswerReader.message(response)));
            case LIST -> message("multicast", letter.body(), response -> ListAnswerReader.multicast(response, targets));
            case JOB ->
                new Post("job", "/v1/jobs", letter.lines(), response -> JobReader.accepted(response, letter, jobs));
        };
    }

    private static Post message(String word, ObjectNode body, Function<HttpResponse<byte[]>, List<Answer>> reading) {
        return new Post(word, MESSAGES + word, body.toString(), reading);
    }

    /** Of several, each to one target. */
    static Post batch(List<Letter> letters) {
        ObjectNode body = Json.object();
        var messages = body.putArray("messages");
        letters.forEach(letter -> messages.add(letter.body()));
        return message("batch", body, response -> ListAnswerReader.batch(response, letters.size()));
    }
}
