package io.longline.register.route;

import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.shard.Shards;
import io.longline.register.endpoint.Endpoint;
import io.longline.register.endpoint.FollowNote;
import io.longline.register.endpoint.Wire;
import io.longline.rpc.v1.DeviceJournalGrpc;
import io.longline.rpc.v1.ForgetReply;
import io.longline.rpc.v1.ForgetRequest;
import io.longline.rpc.v1.InboxesGrpc;
import io.longline.rpc.v1.NoteFollowReply;
import io.longline.rpc.v1.NoteFollowRequest;
import io.longline.rpc.v1.NoteReply;
import io.longline.rpc.v1.NoteRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Has the saver journal which devices are known and what they follow, so that it survives the loss of Redis, and drop what waits for forgotten ones. */
public final class SaverClient {
    private static final BatchMethod<NoteRequest, NoteReply> NOTE =
            BatchMethod.of(DeviceJournalGrpc.getNoteMethod(), NoteRequest.class, NoteReply.class);
    private static final BatchMethod<NoteFollowRequest, NoteFollowReply> NOTE_FOLLOW =
            BatchMethod.of(DeviceJournalGrpc.getNoteFollowMethod(), NoteFollowRequest.class, NoteFollowReply.class);
    private static final BatchMethod<ForgetRequest, ForgetReply> FORGET =
            BatchMethod.of(InboxesGrpc.getForgetMethod(), ForgetRequest.class, ForgetReply.class);
    /** As long as anything waits for a store that is away. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Peers savers;

    public SaverClient(Peers savers) {
        this.savers = savers;
    }

    /** Returns when the journal has it; an older note never overwrites a newer one. */
    void known(Endpoint endpoint, long generation, Deadline deadline) {
        note(endpoint, generation, false, deadline);
    }

    /** Likewise. */
    void forgotten(Endpoint endpoint, long generation, Deadline deadline) {
        note(endpoint, generation, true, deadline);
    }

    /** Likewise, for all of them; they travel together. */
    public void follows(List<FollowNote> notes, Deadline deadline) {
        Deadline patient = deadline.atMost(PATIENCE);
        List<CompletableFuture<NoteFollowReply>> told =
                notes.stream().map(note -> note(note, patient)).toList();
        for (CompletableFuture<NoteFollowReply> reply : told) {
            try {
                reply.join();
            } catch (CompletionException e) {
                throw notJournaled(ErrorTranslator.fromAny(e));
            }
        }
    }

    private CompletableFuture<NoteFollowReply> note(FollowNote note, Deadline deadline) {
        Endpoint endpoint = note.endpoint();
        NoteFollowRequest request = NoteFollowRequest.newBuilder()
                .setEndpoint(Wire.endpoint(endpoint))
                .setTopic(note.topic())
                .setFollows(note.follows())
                .setFrom(note.from())
                .setVersion(note.version())
                .setAgainstUser(note.againstUser())
                .build();
        return savers.call(Shards.key(endpoint.product(), endpoint.user()), NOTE_FOLLOW, request, deadline);
    }

    /**
     * Drops what was stored up to a seq; answers how many messages that were.
     *
     * @param goesOn the device is not forgotten, its inbox alone is emptied
     */
    long dropInbox(Endpoint endpoint, long uptoSeq, boolean goesOn, Deadline deadline) {
        ForgetRequest request = ForgetRequest.newBuilder()
                .setEndpoint(Wire.endpoint(endpoint))
                .setUptoSeq(uptoSeq)
                .setEmptied(goesOn)
                .build();
        long key = Shards.key(endpoint.product(), endpoint.user());
        return savers.await(key, FORGET, request, deadline).getDropped();
    }

    private void note(Endpoint endpoint, long generation, boolean forgotten, Deadline deadline) {
        NoteRequest request = NoteRequest.newBuilder()
                .setEndpoint(Wire.endpoint(endpoint))
                .setGeneration(generation)
                .setForgotten(forgotten)
                .build();
        try {
            savers.await(Shards.key(endpoint.product(), endpoint.user()), NOTE, request, deadline.atMost(PATIENCE));
        } catch (LonglineException e) {
            throw notJournaled(e);
        }
    }

    /** For our caller it is one thing whether the saver or the database behind it is away. */
    private static LonglineException notJournaled(LonglineException error) {
        return switch (error.code()) {
            case DEPENDENCY_DOWN, DEADLINE_EXCEEDED, DRAINING ->
                LonglineException.dependencyDown("mysql", "it was not journaled: " + error.getMessage(), error);
            default -> error;
        };
    }
}
