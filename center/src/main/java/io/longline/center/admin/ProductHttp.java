package io.longline.center.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.center.http.Fields;
import io.longline.center.http.JsonBody;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.http.Json;
import io.longline.keeper.id.Ids;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.ProductSecrets;
import io.longline.keeper.product.SecretKind;
import io.longline.keeper.product.ZkProducts;

/** {@code /admin/v1/products}: a product is made once and changed in use, each of its secrets is shown once. */
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

    public HttpResponse change(HttpRequest request) {
        return HttpResponse.json(
                OK, ProductBody.toJson(products.change(id(request), ProductBody.readChange(request.body()))));
    }

    /** One more secret, shown this once; the one before it stays good until the next change. */
    public HttpResponse rotate(HttpRequest request) {
        SecretKind kind = kind(request);
        String secret = ProductSecrets.random();
        Product product = products.change(id(request), before -> kind.rotate(before, secret));
        return HttpResponse.json(
                OK, ProductBody.toJson(product).put("kind", kind.word()).put("secret", secret));
    }

    /** The newest secret alone is good from now on. */
    public HttpResponse retire(HttpRequest request) {
        SecretKind kind = kind(request);
        return HttpResponse.json(OK, ProductBody.toJson(products.change(id(request), kind::retire)));
    }

    private static SecretKind kind(HttpRequest request) {
        Fields fields = JsonBody.read(request.body()).fields();
        fields.require("kind");
        SecretKind kind = fields.choice("kind", SecretKind.FULL);
        fields.finish();
        return kind;
    }

    private static String id(HttpRequest request) {
        return Ids.requireProduct("id", request.pathParam("id"));
    }

    public HttpResponse get(HttpRequest request) {
        String id = id(request);
        Product product = products.find(id)
                .orElseThrow(() -> new LonglineException(ErrorCode.NOT_FOUND, "there is no product " + id));
        return HttpResponse.json(OK, ProductBody.toJson(product));
    }

    public HttpResponse list(HttpRequest request) {
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        products.all().forEach(product -> items.add(ProductBody.toJson(product)));
        return HttpResponse.json(OK, json.putNull("next"));
    }
}
