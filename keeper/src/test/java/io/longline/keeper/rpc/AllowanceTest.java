package io.longline.keeper.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AllowanceTest {

    @Test
    void soManyRequestsFit() {
        Allowance allowance = new Allowance(new RpcConfig.Limit(2, 1_000));
        assertThat(allowance.tryTake(1)).isTrue();
        assertThat(allowance.tryTake(1)).isTrue();
        assertThat(allowance.tryTake(1)).isFalse();
        allowance.give(1, 1);
        assertThat(allowance.tryTake(1)).isTrue();
        assertThat(allowance.requests()).isEqualTo(2);
    }

    @Test
    void soManyBytesFit() {
        Allowance allowance = new Allowance(new RpcConfig.Limit(100, 1_000));
        assertThat(allowance.tryTake(600)).isTrue();
        assertThat(allowance.tryTake(401)).isFalse();
        assertThat(allowance.tryTake(400)).isTrue();
        assertThat(allowance.bytes()).isEqualTo(1_000);
        assertThat(allowance.requests()).isEqualTo(2);
    }

    @Test
    void oneThatIsLargerThanAllFitsAloneSoThatItIsNotHeldBackForEver() {
        Allowance allowance = new Allowance(new RpcConfig.Limit(100, 1_000));
        assertThat(allowance.tryTake(5_000)).isTrue();
        assertThat(allowance.tryTake(1)).isFalse();
        allowance.give(1, 5_000);
        assertThat(allowance.tryTake(1)).isTrue();
        assertThat(allowance.tryTake(5_000)).isFalse();
    }
}
