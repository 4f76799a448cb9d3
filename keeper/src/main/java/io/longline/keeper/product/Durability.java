package io.longline.keeper.product;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** What must have a message before a push is answered with success. */
public enum Durability {
    /** Redis and a flushed commit in MySQL. */
    @JsonProperty("mysql")
    MYSQL,
    /** Redis alone; MySQL follows within about a second. */
    @JsonProperty("redis")
    REDIS;

    /** As the API, the command and the metrics write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
