package io.longline.keeper.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Configuration values in layers: file, ZooKeeper, environment, flags; a later one wins. Immutable.
 *
 * <p>Keys are dotted and in lower case ({@code room.port}). An environment variable is the key in upper case behind
 * {@code LONGLINE_}, with {@code _} for each dot and dash ({@code LONGLINE_ROOM_PORT}); other variables are ignored.
 */
public final class ConfigSource {

    private static final String ENVIRONMENT_PREFIX = "LONGLINE_";

    private final Map<Layer, Map<String, String>> layers;
    private final List<String> problems;

    private ConfigSource(Map<Layer, Map<String, String>> layers, List<String> problems) {
        this.layers = new EnumMap<>(Layer.class);
        for (Layer layer : Layer.values()) {
            this.layers.put(layer, Map.copyOf(layers.getOrDefault(layer, Map.of())));
        }
        this.problems = List.copyOf(problems);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** This source with other values in its ZooKeeper layer. */
    public ConfigSource withZookeeper(Map<String, String> values) {
        Map<Layer, Map<String, String>> changed = new EnumMap<>(layers);
        changed.put(Layer.ZOOKEEPER, values);
        return new ConfigSource(changed, problems);
    }

    /** What was wrong with the source itself, such as a file that is not there. */
    List<String> problems() {
        return problems;
    }

    Optional<Value> find(String key) {
        for (Layer layer : Layer.values()) {
            String value = layer(layer).get(layer == Layer.ENVIRONMENT ? variable(key) : key);
            if (value != null) {
                return Optional.of(new Value(value, layer));
            }
        }
        return Optional.empty();
    }

    /** Every key given in any layer but those in {@code known}; of the environment as a key with dots only. */
    Set<String> keysBeside(Set<String> known) {
        Set<String> others = new LinkedHashSet<>();
        layers.forEach((layer, values) -> others.addAll(values.keySet()));
        others.removeIf(key -> key.startsWith(ENVIRONMENT_PREFIX));
        Map<String, String> variables = new LinkedHashMap<>();
        layer(Layer.ENVIRONMENT).keySet().forEach(name -> variables.put(name, key(name)));
        known.forEach(key -> variables.remove(variable(key)));
        others.addAll(variables.values());
        others.removeAll(known);
        return others;
    }

    private Map<String, String> layer(Layer layer) {
        return layers.getOrDefault(layer, Map.of());
    }

    private static String variable(String key) {
        return ENVIRONMENT_PREFIX + key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    private static String key(String variable) {
        return variable.substring(ENVIRONMENT_PREFIX.length()).replace('_', '.').toLowerCase(Locale.ROOT);
    }

    record Value(String text, Layer layer) {}

    /** In the order of looking. */
    enum Layer {
        FLAG,
        ENVIRONMENT,
        ZOOKEEPER,
        FILE
    }

    /** Collects the layers; each replaces what was given for it before. */
    public static final class Builder {

        private final Map<Layer, Map<String, String>> layers = new EnumMap<>(Layer.class);
        private final List<String> problems = new ArrayList<>();

        private Builder() {}

        /** Lines of {@code key = value}, UTF-8. A file that cannot be read is told with the other errors. */
        public Builder file(Path file) {
            try {
                layers.put(Layer.FILE, ConfigText.parse(Files.readString(file), file.toString(), problems));
            } catch (NoSuchFileException e) {
                problems.add("configuration file " + file + ": there is no such file");
            } catch (CharacterCodingException e) {
                problems.add("configuration file " + file + ": expected text in UTF-8");
            } catch (IOException e) {
                problems.add("configuration file " + file + ": cannot be read: " + e.getMessage());
            }
            return this;
        }

        public Builder zookeeper(Map<String, String> values) {
            layers.put(Layer.ZOOKEEPER, values);
            return this;
        }

        /** The process's environment as it is. */
        public Builder environment(Map<String, String> environment) {
            Map<String, String> ours = new LinkedHashMap<>(environment);
            ours.keySet().removeIf(name -> !name.startsWith(ENVIRONMENT_PREFIX));
            layers.put(Layer.ENVIRONMENT, ours);
            return this;
        }

        public Builder flags(Map<String, String> flags) {
            layers.put(Layer.FLAG, flags);
            return this;
        }

        public ConfigSource build() {
            return new ConfigSource(layers, problems);
        }
    }
}
