package io.longline.keeper.live;

import io.longline.keeper.config.ConfigException;
import io.longline.keeper.config.ConfigText;
import io.longline.keeper.discovery.ZkSession;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The ZooKeeper node {@code config/<service>}: text of lines {@code key = value}, as in a configuration file, so that
 * the same text can be kept in either place.
 */
public final class ZkConfigNode {

    static final String FOLDER = "/config";

    private final ZkSession session;
    private final String path;

    public ZkConfigNode(ZkSession session, String service) {
        this.session = session;
        this.path = FOLDER + "/" + service;
    }

    /** Empty when there is no such node; {@link ConfigException} when its text cannot be read. */
    public Map<String, String> read() {
        return parsed(session.read(path).orElse(new byte[0]));
    }

    /** Replaces all of it. Checks the form only; whether the values suit the service is for its record to say. */
    public void write(Map<String, String> values) {
        session.write(path, bytes(values));
    }

    /** Replaces it by what is made of it, in one step; what that throws leaves it as it was. May call it several times. */
    public void update(UnaryOperator<Map<String, String>> change) {
        session.update(path, text -> bytes(change.apply(parsed(text))));
    }

    private Map<String, String> parsed(byte[] text) {
        List<String> problems = new ArrayList<>();
        Map<String, String> values = ConfigText.parse(new String(text, StandardCharsets.UTF_8), path, problems);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return values;
    }

    private static byte[] bytes(Map<String, String> values) {
        return ConfigText.format(values).getBytes(StandardCharsets.UTF_8);
    }
}
