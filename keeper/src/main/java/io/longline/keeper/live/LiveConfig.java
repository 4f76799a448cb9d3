package io.longline.keeper.live;

import io.longline.keeper.config.ConfigException;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.config.ConfigText;
import io.longline.keeper.discovery.ZkFolder;
import io.longline.keeper.discovery.ZkSession;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A configuration record that follows the ZooKeeper node {@code config/<service>} while the process runs. The other
 * layers stay as they were at start, and still win or lose as ever.
 *
 * <p>A change that does not validate is refused whole, with all its errors in the log once; the last good one stays.
 * {@link #current} may be called by any thread at any time; listeners run on the watch's thread.
 */
public final class LiveConfig<T> implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LiveConfig.class);

    private final String service;
    private final ConfigSource source;
    private final Function<ConfigReader, T> read;
    private final List<Consumer<T>> listeners = new CopyOnWriteArrayList<>();
    private volatile T current;
    private @Nullable String seen;
    private @Nullable ZkFolder<String> folder;

    /** Reads {@code source} as it is now, ZooKeeper's layer included; {@link ConfigException} if it does not validate. */
    public LiveConfig(String service, ConfigSource source, Function<ConfigReader, T> read) {
        this.service = service;
        this.source = source;
        this.read = read;
        this.current = validated(source);
    }

    /** Follows ZooKeeper from now on. */
    public void start(ZkSession session) {
        ZkFolder<String> watched =
                new ZkFolder<>(session, ZkConfigNode.FOLDER, (name, text) -> new String(text, StandardCharsets.UTF_8));
        folder = watched;
        watched.start();
        // Ended by the folder's close.
        AutoCloseable _ = watched.follow(services -> {
            // A ZooKeeper that is away takes nothing back of what it said before.
            if (watched.known() || !services.isEmpty()) {
                changed(services.getOrDefault(service, ""));
            }
        });
    }

    /** The last good one. */
    public T current() {
        return current;
    }

    /** Called with each new record that differs from the one before; not with the present one. */
    public void onChange(Consumer<T> listener) {
        listeners.add(listener);
    }

    @Override
    public void close() {
        if (folder != null) {
            folder.close();
        }
    }

    private void changed(String text) {
        if (text.equals(seen)) {
            return;
        }
        seen = text;
        T changed;
        try {
            changed = parsed(text);
        } catch (ConfigException e) {
            log.error("refused config/{}, the last good configuration stays: {}", service, e.getMessage());
            return;
        }
        if (!changed.equals(current)) {
            current = changed;
            log.info("config/{} took effect", service);
            listeners.forEach(listener -> tell(listener, changed));
        }
    }

    private T parsed(String text) {
        List<String> problems = new ArrayList<>();
        Map<String, String> values = ConfigText.parse(text, "config/" + service, problems);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return validated(source.withZookeeper(values));
    }

    private T validated(ConfigSource from) {
        ConfigReader reader = new ConfigReader(from);
        T value = read.apply(reader);
        reader.finish();
        return value;
    }

    private void tell(Consumer<T> listener, T changed) {
        try {
            listener.accept(changed);
        } catch (RuntimeException e) {
            log.error("a listener of config/{} failed", service, e);
        }
    }
}
