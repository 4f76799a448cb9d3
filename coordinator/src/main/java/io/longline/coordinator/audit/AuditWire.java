package io.longline.coordinator.audit;

import io.longline.rpc.v1.AuditCount;
import io.longline.rpc.v1.AuditCounts;
import io.longline.rpc.v1.AuditFinding;
import io.longline.rpc.v1.AuditedSession;

/** Between generated messages and our words. */
final class AuditWire {
    private AuditWire() {}

    static Endpoint endpoint(io.longline.rpc.v1.Endpoint message) {
        return new Endpoint(message.getProduct(), message.getUser(), message.getDevice());
    }

    static io.longline.rpc.v1.Endpoint endpoint(Endpoint endpoint) {
        return io.longline.rpc.v1.Endpoint.newBuilder()
                .setProduct(endpoint.product())
                .setUser(endpoint.user())
                .setDevice(endpoint.device())
                .build();
    }

    static Place place(io.longline.rpc.v1.Place message) {
        return new Place(
                message.getRoom(),
                message.getIncarnation(),
                message.getLoop(),
                message.getSlot(),
                message.getSlotGeneration());
    }

    static io.longline.rpc.v1.Place place(Place place) {
        return io.longline.rpc.v1.Place.newBuilder()
                .setRoom(place.room())
                .setIncarnation(place.incarnation())
                .setLoop(place.loop())
                .setSlot(place.slot())
                .setSlotGeneration(place.slotGeneration())
                .build();
    }

    static SeenSession session(AuditedSession message) {
        return new SeenSession(
                endpoint(message.getEndpoint()),
                place(message.getPlace()),
                message.getGeneration(),
                message.getSent(),
                message.getIdle());
    }

    static AuditFinding finding(Finding finding) {
        Suspect suspect = finding.suspect();
        return AuditFinding.newBuilder()
                .setKind(kind(suspect.kind()))
                .setEndpoint(endpoint(suspect.endpoint()))
                .setPlace(place(suspect.place()))
                .setGeneration(suspect.generation())
                .setSeq(suspect.seq())
                .setMended(finding.mended())
                .build();
    }

    static AuditCounts counts(AuditReport report) {
        AuditCounts.Builder counts = AuditCounts.newBuilder()
                .setRoutes(report.routes())
                .setSessions(report.sessions())
                .setUnknown(report.unknown());
        for (AuditKind kind : AuditKind.values()) {
            counts.addKinds(AuditCount.newBuilder()
                    .setKind(kind(kind))
                    .setFound(report.tally(kind).found())
                    .setMended(report.tally(kind).mended()));
        }
        return counts.build();
    }

    private static io.longline.rpc.v1.AuditKind kind(AuditKind kind) {
        return switch (kind) {
            case GHOST -> io.longline.rpc.v1.AuditKind.AUDIT_GHOST;
            case LOST_SESSION -> io.longline.rpc.v1.AuditKind.AUDIT_LOST_SESSION;
            case STRANDED_MESSAGE -> io.longline.rpc.v1.AuditKind.AUDIT_STRANDED_MESSAGE;
        };
    }
}
