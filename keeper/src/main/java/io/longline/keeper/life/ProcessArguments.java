package io.longline.keeper.life;

import io.longline.keeper.config.ConfigSource;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A service's command line: {@code --config FILE}, and {@code --key=value} for any key of its configuration. */
record ProcessArguments(@Nullable Path file, Map<String, String> flags) {

    static ProcessArguments parse(String[] args) {
        Path file = null;
        Map<String, String> flags = new LinkedHashMap<>();
        for (int i = 0; i < args.length; i++) {
            int equals = args[i].indexOf('=');
            if (args[i].equals("--config") && i + 1 < args.length) {
                file = Path.of(args[++i]);
            } else if (args[i].startsWith("--config=")) {
                file = Path.of(args[i].substring(equals + 1));
            } else if (args[i].startsWith("--") && equals > 2) {
                flags.put(args[i].substring(2, equals), args[i].substring(equals + 1));
            } else {
                throw new IllegalArgumentException(
                        "argument \"" + args[i] + "\", expected --config FILE or --key=value");
            }
        }
        return new ProcessArguments(file, flags);
    }

    ConfigSource source(Map<String, String> environment) {
        ConfigSource.Builder builder =
                ConfigSource.builder().environment(environment).flags(flags);
        if (file != null) {
            builder.file(file);
        }
        return builder.build();
    }
}
