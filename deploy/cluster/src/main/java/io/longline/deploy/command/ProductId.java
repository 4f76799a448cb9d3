package io.longline.deploy.command;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The product that a command is about, as {@code P} or, as in all other commands, {@code --product P}. */
final class ProductId {

    @Parameters(paramLabel = "P", description = "Id: a-z, 0-9 and -, at most 32 characters.")
    private @Nullable String positional;

    @Option(names = "--product", paramLabel = "P", description = "The same.")
    private @Nullable String option;

    String value() {
        return Objects.requireNonNullElse(positional, Objects.requireNonNullElse(option, ""));
    }
}
