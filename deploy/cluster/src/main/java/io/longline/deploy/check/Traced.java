package io.longline.deploy.check;

import io.longline.deploy.check.history.Event;
import java.util.List;

/** What a violation may be about, with what happened to it. */
interface Traced {

    /** Of the message in its run. */
    int number();

    long firstBegun();

    /** The first ones, in order. */
    List<Event> events();
}
