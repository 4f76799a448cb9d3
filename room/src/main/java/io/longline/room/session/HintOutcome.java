package io.longline.room.session;

/** What became of a hint. */
public sealed interface HintOutcome {

    /** Handed to the link, in order; also where it was before. */
    record Written() implements HintOutcome {}

    /** The session knows of it and will load it, or is already past it: then its copy tells what became of it. */
    record Queued() implements HintOutcome {}

    /** There is no such session, or it has another generation. */
    record Stale() implements HintOutcome {}

    /** It is QoS 0 or now-or-never and could not be written at once. */
    record Refused(String reason) implements HintOutcome {}

    /** A load is needed to keep the order; what came of it is known after that. */
    record AfterLoad() implements HintOutcome {}

    HintOutcome WRITTEN = new Written();
    HintOutcome QUEUED = new Queued();
    HintOutcome STALE = new Stale();
    HintOutcome AFTER_LOAD = new AfterLoad();
}
