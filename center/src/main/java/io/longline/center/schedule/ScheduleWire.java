package io.longline.center.schedule;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.longline.center.push.DeviceChoice;
import io.longline.center.push.Payload;
import io.longline.center.push.Push;
import io.longline.center.push.PushOptions;
import io.longline.center.push.Target;
import io.longline.center.wire.Wire;
import io.longline.rpc.v1.ScheduledPush;
import io.longline.rpc.v1.ScheduledTarget;
import java.time.Duration;
import java.util.List;

/** A push as it is kept until it is due, and back. */
public final class ScheduleWire {

    private ScheduleWire() {}

    public static ScheduledPush kept(Push push) {
        PushOptions options = push.options();
        ScheduledPush.Builder kept = ScheduledPush.newBuilder()
                .addAllTargets(push.targets().stream().map(ScheduleWire::target).toList())
                .setTtlS(options.ttl().toSeconds())
                .setPriority(Wire.priority(options.priority()))
                .setLatestDevice(options.devices() == DeviceChoice.LATEST)
                .setInReplyTo(options.inReplyTo())
                .setPullKey(options.pullKey())
                .setCollapseKey(options.collapseKey())
                .setNotifyOnly(options.notifyOnly())
                .setSpreadS(options.spread().toSeconds());
        switch (options.notifyOnly() ? Payload.NONE : push.payload()) {
            case Payload.Text text -> kept.setText(text.text());
            case Payload.Binary binary -> kept.setData(UnsafeByteOperations.unsafeWrap(binary.bytes()));
            case Payload.None _ -> {}
        }
        return kept.build();
    }

    public static ScheduledTarget target(Target target) {
        ScheduledTarget.Builder kept = ScheduledTarget.newBuilder().setUser(target.user());
        return target.device() == null
                ? kept.build()
                : kept.setDevice(target.device()).build();
    }

    public static Target target(ScheduledTarget target) {
        return new Target(target.getUser(), target.getDevice().isEmpty() ? null : target.getDevice());
    }

    /** Its id can come again: whoever finds it begun and not finished sends it again. */
    public static Push push(DuePush due) {
        ScheduledPush kept;
        try {
            kept = ScheduledPush.parseFrom(due.kept());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("what was kept of message " + due.messageId() + " cannot be read", e);
        }
        List<Target> targets =
                kept.getTargetsList().stream().map(ScheduleWire::target).toList();
        return new Push(
                due.product(),
                due.messageId(),
                true,
                targets.size() > 1,
                targets,
                payload(kept),
                new PushOptions(
                        1,
                        Duration.ofSeconds(kept.getTtlS()),
                        Wire.priority(kept.getPriority()),
                        kept.getLatestDevice() ? DeviceChoice.LATEST : DeviceChoice.ALL,
                        kept.getInReplyTo(),
                        kept.getPullKey(),
                        kept.getCollapseKey(),
                        kept.getNotifyOnly(),
                        Duration.ofSeconds(kept.getSpreadS()),
                        due.sendAtMs(),
                        Duration.ZERO),
                false);
    }

    private static Payload payload(ScheduledPush kept) {
        return switch (kept.getPayloadCase()) {
            case TEXT -> new Payload.Text(kept.getText());
            case DATA -> new Payload.Binary(kept.getData().toByteArray());
            case PAYLOAD_NOT_SET -> Payload.NONE;
        };
    }
}
