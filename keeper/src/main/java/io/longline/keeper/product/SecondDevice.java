package io.longline.keeper.product;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/**
 * What happens when one more device of a user connects. A device that is connected already takes its own place, whatever stands here.
 *
 * @param policy when {@code most} others are connected
 * @param most devices of a user that are connected at the same moment; of no account where all are allowed
 */
public record SecondDevice(Policy policy, int most) {

    public static final SecondDevice DEFAULT = new SecondDevice(Policy.ALLOW, 1);

    /** What becomes of one device too many. */
    public enum Policy {
        /** There is none: any number may be connected. */
        @JsonProperty("allow")
        ALLOW,
        /** It gets in, and the one that has been connected for the longest time goes. */
        @JsonProperty("replace")
        REPLACE,
        /** It has to wait until one of the others leaves. */
        @JsonProperty("refuse")
        REFUSE;

        /** As the API and the command write it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
