package io.longline.keeper.product;

/**
 * A secret of a product's back ends, as it is kept.
 *
 * @param hash SHA-256 in lower-case hex
 */
public record ApiKey(ApiScope scope, String hash) {}
