package io.longline.keeper.product;

/**
 * One of several places of a back end.
 *
 * @param url where it is posted to
 * @param weight 1 to 100: how many of the requests go there, compared with the others
 */
public record WeightedUrl(String url, int weight) {}
