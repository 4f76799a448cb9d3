package io.longline.keeper.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisLoadingException;
import io.lettuce.core.RedisReadOnlyException;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisErrorsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SHARD_LOST|SHARD_LOST",
                "ERR Error running script (call to f_1): @user_script:3: SHARD_LOST|SHARD_LOST",
                "OOM command not allowed when used memory > 'maxmemory'.|OVERLOADED",
                "ERR Error running script: -OOM command not allowed when used memory > 'maxmemory'.|OVERLOADED",
                "ERR user_script:1: READONLY You can't write against a read only replica.|DEPENDENCY_DOWN",
                "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist|DEPENDENCY_DOWN",
                "MISCONF Errors writing to the AOF file: No space left script: 3a, on @user_script:12.|DEPENDENCY_DOWN",
                "ERR Error running script (call to f_1): @user_script:3: -MISCONF Errors writing|DEPENDENCY_DOWN",
                "NOREPLICAS Not enough good replicas to write.|DEPENDENCY_DOWN",
                "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.|DEPENDENCY_DOWN",
                "CLUSTERDOWN The cluster is down|DEPENDENCY_DOWN",
                "ERR Error running script: @user_script:1: CLUSTERDOWN Hash slot not served|DEPENDENCY_DOWN",
                "MOVED 7 10.0.0.1:6379|DEPENDENCY_DOWN",
                "ASK 7 10.0.0.1:6379|DEPENDENCY_DOWN",
                "TRYAGAIN Multiple keys request during rehashing of slot|DEPENDENCY_DOWN",
                "ERR Error running script: Lua script attempted to access a non local key in a cluster node|DEPENDENCY_DOWN",
                "INBOX_FULL 10000 messages wait|INBOX_FULL",
                "ERR INBOX_FULL 10000 messages wait|INBOX_FULL",
                "IDEMPOTENCY_CONFLICT|IDEMPOTENCY_CONFLICT",
                "WRONGTYPE Operation against a key holding the wrong kind of value|INTERNAL",
                "ERR unknown command|INTERNAL",
            })
    void anErrorReplyHasACode(String reply, ErrorCode expected) {
        assertThat(RedisErrors.translated(new RedisCommandExecutionException(reply))
                        .code())
                .isEqualTo(expected);
    }

    @Test
    void theRestOfAScriptsReplyIsTheMessage() {
        assertThat(RedisErrors.translated(new RedisCommandExecutionException("INBOX_FULL 10000 messages wait")))
                .hasMessage("10000 messages wait");
    }

    @Test
    void aRedisThatCannotServeIsADependencyThatIsDownAndWorthAnotherTry() {
        for (Throwable error : new Throwable[] {
            new RedisLoadingException("LOADING Redis is loading the dataset in memory"),
            new RedisReadOnlyException("READONLY You can't write against a read only replica."),
            new RedisCommandTimeoutException("timed out"),
            new RedisException("Connection closed"),
            new IOException("Connection reset by peer"),
            new CancellationException(),
            new CompletionException(new RedisException("Connection closed")),
        }) {
            LonglineException translated = RedisErrors.translated(error);

            assertThat(translated.code()).as("%s", error).isEqualTo(ErrorCode.DEPENDENCY_DOWN);
            assertThat(translated.dependency()).contains("redis");
            assertThat(translated.retryAfter()).isPresent();
        }
    }

    @Test
    void aRedisThatTakesNoWritesIsNamedAndWorthAnotherTry() {
        LonglineException translated = RedisErrors.translated(new RedisCommandExecutionException("MISCONF no disk"));

        assertThat(translated.dependency()).contains("redis");
        assertThat(translated.retryAfter()).isPresent();
    }

    @Test
    void lettucesFullQueueIsOverload() {
        assertThat(RedisErrors.translated(new RedisException("Request queue size exceeded: 200000. Commands are not"))
                        .code())
                .isEqualTo(ErrorCode.OVERLOADED);
    }

    @Test
    void whatIsOursStaysAsItIs() {
        LonglineException ours = new LonglineException(ErrorCode.NOT_FOUND, "x");

        assertThat(RedisErrors.translated(new CompletionException(ours))).isSameAs(ours);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MOVED 7 10.0.0.1:6379|MOVED",
                "ASK 7 10.0.0.1:6379|MOVED",
                "TRYAGAIN Multiple keys request during rehashing of slot|MOVED",
                "CLUSTERDOWN The cluster is down|MOVED",
                "READONLY You can't write against a read only replica. script: 3a, on @user_script:12.|DEMOTED",
                "ERR Error running script: Lua script attempted to access a non local key in a cluster node|",
                "MISCONF Errors writing to the AOF file|",
                "SHARD_LOST|",
            })
    void onlyWhatWasCertainlyNotCarriedOutMayBeSentToAnother(String reply, RedisErrors.@Nullable Refusal expected) {
        assertThat(RedisErrors.refusal(new CompletionException(new RedisCommandExecutionException(reply))))
                .isEqualTo(expected);
    }

    @Test
    void whatWasOnItsWayWhenTheConnectionBrokeMayHaveBeenCarriedOut() {
        assertThat(RedisErrors.refusal(new RedisException("Connection closed"))).isNull();
        assertThat(RedisErrors.refusal(new IOException("Connection reset by peer")))
                .isNull();
        assertThat(RedisErrors.refusal(new RedisException("Currently not connected. Commands are rejected.")))
                .isEqualTo(RedisErrors.Refusal.NOT_SENT);
        assertThat(RedisErrors.refusal(new ClosedChannelException())).isEqualTo(RedisErrors.Refusal.NOT_SENT);
    }
}
