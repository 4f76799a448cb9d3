package io.longline.keeper.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Hands out no buffer that is larger than so much: Helidon asks for a chunk whole, however much its head says that it has. */
final class BoundedReader extends DataReader {
    private final long most;

    @SuppressWarnings(
            "removal") // What is to replace this constructor makes readers that hand out whatever is asked for.
    BoundedReader(Supplier<byte @Nullable []> wire, long most) {
        super(wire);
        this.most = most;
    }

    @Override
    public BufferData readBuffer(int length) {
        if (length > most) {
            throw RequestException.builder()
                    .type(EventType.BAD_REQUEST)
                    .status(Status.REQUEST_ENTITY_TOO_LARGE_413)
                    .message("a chunk of more than " + most + " bytes")
                    .setKeepAlive(false)
                    .build();
        }
        return super.readBuffer(length);
    }
}
