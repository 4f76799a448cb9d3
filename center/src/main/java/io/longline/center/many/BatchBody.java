package io.longline.center.many;

import io.longline.center.http.Fields;
import io.longline.center.http.JsonBody;
import io.longline.center.push.Push;
import io.longline.center.push.PushBody;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.Product;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The body of {@code :batch}: whole send bodies, each read by itself. */
final class BatchBody {
    private static final int MAX_MESSAGES = 500;
    private static final String MESSAGES = "messages";

    private BatchBody() {}

    /** One of the list. */
    sealed interface Entry {}

    record Good(Push push) implements Entry {}

    /** It is wrong, or its id stands there twice, and fails alone. */
    record Wrong(LonglineException problem) implements Entry {}

    /** In their order. Throws INVALID_ARGUMENT where the list itself is wrong. */
    static List<Entry> read(Product product, byte[] body) {
        JsonBody json = JsonBody.read(body, MESSAGES);
        Fields fields = json.fields();
        List<String> bodies = json.rawItems();
        if (!fields.names(MESSAGES)) {
            fields.problem(MESSAGES, "is required");
        } else if (bodies.isEmpty() || bodies.size() > MAX_MESSAGES) {
            fields.problem(
                    MESSAGES,
                    "expected a list of 1 to " + MAX_MESSAGES + (bodies.isEmpty() ? "" : ", got " + bodies.size()));
        }
        fields.finish();
        Map<String, Integer> ids = new HashMap<>();
        List<Entry> entries = new ArrayList<>();
        for (String each : bodies) {
            entries.add(read(product, each, entries.size(), ids));
        }
        return entries;
    }

    private static Entry read(Product product, String body, int at, Map<String, Integer> ids) {
        try {
            Push push = PushBody.read(product, body);
            Integer before = push.idGiven() ? ids.putIfAbsent(push.messageId(), at) : null;
            return before == null
                    ? new Good(push)
                    : new Wrong(LonglineException.invalid("message_id", "is that of messages[" + before + "], too"));
        } catch (LonglineException e) {
            return new Wrong(e);
        }
    }
}
