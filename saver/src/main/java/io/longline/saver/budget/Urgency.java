package io.longline.saver.budget;

/** What is refused first when memory is nearly full: the contract's priority. */
public enum Urgency {
    LOW(0.90),
    NORMAL(0.97),
    HIGH(1.0);

    private final double share;

    Urgency(double share) {
        this.share = share;
    }

    /** Up to which share of a budget it is taken. */
    double share() {
        return share;
    }
}
