package io.longline.keeper.config;

import java.util.List;

/** A configuration that was refused, with every one of its problems. */
public final class ConfigException extends RuntimeException {

    private final List<String> problems;

    public ConfigException(List<String> problems) {
        super(problems.size() + (problems.size() == 1 ? " error" : " errors") + " in the configuration:\n  "
                + String.join("\n  ", problems));
        this.problems = List.copyOf(problems);
    }

    /** Each names the key, the offending value and what was expected. */
    public List<String> problems() {
        return problems;
    }
}
