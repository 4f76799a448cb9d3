package io.longline.room.handshake;

import io.longline.frames.CloseCode;
import io.longline.keeper.id.Ids;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.Products;
import io.longline.keeper.token.ClientTokens;
import io.longline.keeper.token.TokenCheck;
import io.longline.room.session.Endpoint;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Each bind needs a token of its product for its user; it also says, or agrees with, the device. */
final class TokenStep implements HandshakeStep {
    private static final String DEFAULT_DEVICE = "default";

    private final Products products;
    private final LongSupplier nowMs;

    TokenStep(Products products, LongSupplier nowMs) {
        this.products = products;
        this.nowMs = nowMs;
    }

    @Override
    public void take(BindBatch batch) {
        for (BindAttempt attempt : batch.toBeBound()) {
            admit(attempt, batch.device());
        }
    }

    private void admit(BindAttempt attempt, @Nullable String helloDevice) {
        BindAttempt.Wish wish = attempt.wish();
        Optional<Product> product = products.find(wish.product());
        if (product.isEmpty()) {
            attempt.refuse(CloseCode.BAD_TOKEN, "unknown product");
            return;
        }
        switch (ClientTokens.check(product.get(), wish.token(), Instant.ofEpochMilli(nowMs.getAsLong()))) {
            case TokenCheck.Invalid invalid -> attempt.refuse(CloseCode.BAD_TOKEN, invalid.reason());
            case TokenCheck.Valid valid -> admit(attempt, product.get(), valid, helloDevice);
        }
    }

    private static void admit(
            BindAttempt attempt, Product product, TokenCheck.Valid token, @Nullable String helloDevice) {
        String user = attempt.wish().user();
        String device = firstOf(token.device(), helloDevice);
        if (!token.user().equals(user)) {
            attempt.refuse(CloseCode.BAD_TOKEN, "the token is of another user");
        } else if (token.device() != null
                && helloDevice != null
                && !token.device().equals(helloDevice)) {
            attempt.refuse(CloseCode.BAD_TOKEN, "the token is of another device");
        } else if (Ids.problem(user).isPresent() || Ids.problem(device).isPresent()) {
            attempt.refuse(CloseCode.BAD_TOKEN, "user or device is not an id");
        } else {
            attempt.admitted(new BindAttempt.Admission(
                    product,
                    new Endpoint(product.id(), user, device),
                    token.topics(),
                    token.expiresAtMs() + ClientTokens.SKEW.toMillis()));
        }
    }

    private static String firstOf(@Nullable String tokenDevice, @Nullable String helloDevice) {
        if (tokenDevice != null) {
            return tokenDevice;
        }
        return helloDevice != null ? helloDevice : DEFAULT_DEVICE;
    }
}
