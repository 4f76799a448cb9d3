package io.longline.deploy.check.history;

/** One thing between clients and back ends beside messages: what clients send, what back ends are told, ask for, or do to sessions. */
public sealed interface CallEvent extends Event permits UplinkEvent, HookEvent, GroupEvent, KickEvent, PresenceEvent {}
