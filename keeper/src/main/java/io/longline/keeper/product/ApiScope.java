package io.longline.keeper.product;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a back end may do with a secret. */
public enum ApiScope {
    /** Everything. */
    @JsonProperty("full")
    FULL,
    /** Send messages, and nothing else. */
    @JsonProperty("send")
    SEND,
    /** Read, and change nothing. */
    @JsonProperty("read")
    READ;

    /** Whether this one is enough where {@code needed} is asked for. */
    public boolean allows(ApiScope needed) {
        return this == FULL || this == needed;
    }
}
