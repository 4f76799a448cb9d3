package io.longline.deploy.command;

import io.longline.keeper.product.BroadcastLimits;
import picocli.CommandLine.Option;

/** The options that say at what pace the broadcasts of a new product go on. */
final class BroadcastOptions {
    @Option(
            names = "--broadcasts-default-per-s",
            paramLabel = "N",
            defaultValue = "0",
            description = "People a second, of broadcasts that say nothing of their pace; 0: as fast as the rooms can."
                    + " Default: ${DEFAULT-VALUE}.")
    private int defaultPerS;

    @Option(
            names = "--broadcasts-most-per-s",
            paramLabel = "N",
            defaultValue = "0",
            description = "People a second, of all its broadcasts together; 0: any number. Default: ${DEFAULT-VALUE}.")
    private int mostPerS;

    @Option(
            names = "--broadcasts-default-bytes-per-s",
            paramLabel = "N",
            defaultValue = "0",
            description = "Bytes a second, of broadcasts that say nothing of their pace; 0: any number. Default:"
                    + " ${DEFAULT-VALUE}.")
    private int defaultBytesPerS;

    @Option(
            names = "--broadcasts-most-bytes-per-s",
            paramLabel = "N",
            defaultValue = "0",
            description = "Bytes a second, of all its broadcasts together; 0: any number. Default: ${DEFAULT-VALUE}.")
    private int mostBytesPerS;

    BroadcastLimits limits() {
        return new BroadcastLimits(defaultPerS, mostPerS, defaultBytesPerS, mostBytesPerS);
    }
}
