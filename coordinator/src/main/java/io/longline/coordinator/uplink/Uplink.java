package io.longline.coordinator.uplink;

import com.google.protobuf.ByteString;
import io.longline.coordinator.outbox.Stream;
import io.longline.keeper.product.Callback;
import io.longline.keeper.shard.Shards;

/**
 * What a client sent.
 *
 * @param id the client's
 * @param isText whether the payload is characters, in UTF-8, or bytes
 */
record Uplink(Sender sender, String type, String id, boolean isText, ByteString payload) {

    /** In which it is kept. */
    Stream stream() {
        return new Stream(Shards.of(sender.product, sender.user), sender.product, Callback.UPLINK + type);
    }

    /** The session that sent it. */
    record Sender(String product, String user, String device, long generation, Place place) {

        /** As the counts of a stream name it; ids have no slash. */
        String endpoint() {
            return user + "/" + device;
        }
    }

    /** Where the session is: in which start of which room, and there in which slot of which event loop. */
    record Place(String room, long incarnation, int loop, int slot, int slotGeneration) {

        String text() {
            return room + " " + incarnation + " " + loop + " " + slot + " " + slotGeneration;
        }

        static Place of(String text) {
            String[] parts = text.split(" ", -1);
            return new Place(
                    parts[0],
                    Long.parseLong(parts[1]),
                    Integer.parseInt(parts[2]),
                    Integer.parseInt(parts[3]),
                    Integer.parseInt(parts[4]));
        }
    }
}
