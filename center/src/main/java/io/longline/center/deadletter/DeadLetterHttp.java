package io.longline.center.deadletter;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.center.http.JsonBody;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.http.Json;
import io.longline.keeper.product.Product;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** {@code /v1/dead-letters}: events that a back end did not take in time, which it can look at, have again, or do away with. */
public final class DeadLetterHttp {
    private static final int OK = 200;
    private static final int PAGE = 100;
    private static final String AFTER = "after";
    private static final String KIND = "kind";
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,17}");
    private static final Pattern A_KIND = Pattern.compile("uplink\\.[!-~]{1,128}|presence|message");
    private static final Pattern AN_ID = Pattern.compile("[!-~]{1,192}");

    private final DeadLetterClient letters;
    private final Duration patience;

    public DeadLetterHttp(DeadLetterClient letters, Duration patience) {
        this.letters = letters;
        this.patience = patience;
    }

    /** The newest first, of all kinds or one. */
    public HttpResponse list(HttpRequest request) {
        requireOnly(request, Set.of(AFTER, KIND));
        String kind = kind(request).orElse("");
        List<DeadLetter> page =
                letters.page(product(request), kind, after(request), PAGE + 1, Deadline.after(patience));
        List<DeadLetter> told = page.subList(0, Math.min(page.size(), PAGE));
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        told.forEach(letter -> items.add(DeadLetterAnswer.inList(letter)));
        if (page.size() > PAGE) {
            json.put("next", Long.toString(told.getLast().death().number()));
        } else {
            json.putNull("next");
        }
        return HttpResponse.json(OK, json);
    }

    /** With its payload. */
    public HttpResponse get(HttpRequest request) {
        requireOnly(request, Set.of());
        DeadLetter letter = letters.find(product(request), id(request), Deadline.after(patience));
        return HttpResponse.json(OK, DeadLetterAnswer.whole(letter));
    }

    public HttpResponse delete(HttpRequest request) {
        requireOnly(request, Set.of());
        String id = id(request);
        if (!letters.discard(product(request), id, 0, Deadline.after(patience))) {
            throw new LonglineException(ErrorCode.MESSAGE_NOT_FOUND, "there is no dead letter " + id);
        }
        return HttpResponse.json(OK, Json.object().put("deleted", 1));
    }

    /** All of a kind, as far as there is time. */
    public HttpResponse purge(HttpRequest request) {
        requireOnly(request, Set.of(KIND));
        String kind = kind(request)
                .orElseThrow(
                        () -> LonglineException.invalid(KIND, "is required: all dead letters of one kind are deleted"));
        DeadLetterClient.Discarded all = letters.discardKind(product(request), kind, Deadline.after(patience));
        return HttpResponse.json(OK, Json.object().put("deleted", all.count()).put("more", all.more()));
    }

    /** It is no dead letter any more when it waits again; who dies in between leaves it in both, and the next retry makes it good. */
    public HttpResponse retry(HttpRequest request) {
        requireOnly(request, Set.of());
        byte[] body = request.body();
        if (body.length > 0) {
            JsonBody.read(body).fields().finish(); // there is nothing to say yet
        }
        String product = product(request);
        Deadline deadline = Deadline.after(patience);
        DeadLetter letter = letters.find(product, id(request), deadline);
        letters.putBack(product, letter, deadline);
        boolean _ = letters.discard(product, letter.id(), letter.seq(), deadline);
        return HttpResponse.json(OK, Json.object().put("id", letter.id()).put("retried", true));
    }

    private static String product(HttpRequest request) {
        return request.attached(Product.class).id();
    }

    private static String id(HttpRequest request) {
        String id = request.pathParam("id");
        if (!AN_ID.matcher(id).matches()) {
            throw LonglineException.invalid("id", "expected the id of a dead letter, as a list of them has it");
        }
        return id;
    }

    private static Optional<String> kind(HttpRequest request) {
        Optional<String> kind = request.query(KIND);
        kind.filter(given -> !A_KIND.matcher(given).matches()).ifPresent(given -> {
            throw LonglineException.invalid(KIND, "is " + given + ", expected uplink.<type>, presence or message");
        });
        return kind;
    }

    private static long after(HttpRequest request) {
        Optional<String> text = request.query(AFTER);
        if (text.isPresent() && !NUMBER.matcher(text.get()).matches()) {
            throw LonglineException.invalid(
                    AFTER, "is " + text.get() + ", expected what was next in the answer before");
        }
        return text.map(Long::parseLong).orElse(0L);
    }

    private static void requireOnly(HttpRequest request, Set<String> known) {
        for (String name : request.query().keySet()) {
            if (!known.contains(name)) {
                String expected = known.isEmpty() ? "none" : "no other than " + String.join(", ", new TreeSet<>(known));
                throw LonglineException.invalid(name, "is not known, expected " + expected);
            }
        }
    }
}
