package io.longline.deploy.check.history;

/** One thing that happened at the callback of a back end. */
public sealed interface HookEvent extends CallEvent {

    /** It is to be told what is of a kind from now on. */
    record Served(long at, String product, String kind) implements HookEvent {}

    /** It was told, whatever it answers. */
    record Told(long at, Notice notice) implements HookEvent {}

    /** It is about to reply. */
    record ReplyBegun(long at, Reply reply) implements HookEvent {}

    /** It has, in time. */
    record ReplyGiven(long at, Reply reply) implements HookEvent {}
}
