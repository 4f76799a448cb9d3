package io.longline.keeper.http;

/** Answers one request, on a virtual thread. What it throws becomes the contract's error answer. */
@FunctionalInterface
public interface HttpHandler {
    HttpResponse handle(HttpRequest request);
}
