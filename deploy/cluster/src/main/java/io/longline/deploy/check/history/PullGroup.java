package io.longline.deploy.check.history;

/** A group that reads uplinks of a type. */
public record PullGroup(String product, String type, String name) {

    @Override
    public String toString() {
        return name + " of " + product + "/" + type;
    }
}
