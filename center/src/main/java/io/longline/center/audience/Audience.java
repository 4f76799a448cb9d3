package io.longline.center.audience;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Whom a message to many would reach, if it were sent now.
 *
 * @param targeted of a broadcast the devices that are connected; of a topic the users that follow it, connected or not
 * @param exact whether that is counted, and not estimated
 * @param users of a broadcast those that are online, of a topic those that follow it; counted
 * @param sample some of these users; none where whoever asks may not read
 */
public record Audience(long targeted, boolean exact, long users, List<String> sample) {

    public Audience {
        sample = List.copyOf(sample);
    }

    /** Adds it to what {@code validate_only} answers. */
    public ObjectNode write(ObjectNode json) {
        json.put("targeted", targeted).put("exact", exact).put("users", users);
        ArrayNode some = json.putArray("sample");
        sample.forEach(user -> some.addObject().put("user", user));
        return json;
    }
}
