package io.longline.center.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.http.Json;
import io.longline.keeper.id.Ids;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.ProductSecrets;
import io.longline.keeper.product.ZkProducts;

/** {@code /admin/v1/products}: made once, its secrets shown once. */
public final class ProductHttp {
    private static final int OK = 200;
    private static final int CREATED = 201;

    private final ZkProducts products;

    public ProductHttp(ZkProducts products) {
        this.products = products;
    }

    public HttpResponse create(HttpRequest request) {
        ProductSecrets secrets = ProductSecrets.fresh();
        Product product = ProductBody.read(request.body()).withSecrets(secrets);
        products.create(product);
        ObjectNode json = ProductBody.toJson(product)
                .put("api_secret", secrets.apiSecret())
                .put("client_secret", secrets.clientSecret());
        return HttpResponse.json(CREATED, json).header("Location", "/admin/v1/products/" + product.id());
    }

    public HttpResponse get(HttpRequest request) {
        String id = Ids.requireProduct("id", request.pathParam("id"));
        Product product = products.find(id)
                .orElseThrow(() -> new LonglineException(ErrorCode.NOT_FOUND, "there is no product " + id));
        return HttpResponse.json(OK, ProductBody.toJson(product));
    }

    public HttpResponse list(HttpRequest request) {
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        products.all().forEach(product -> items.add(ProductBody.toJson(product)));
        return HttpResponse.json(OK, json);
    }
}
