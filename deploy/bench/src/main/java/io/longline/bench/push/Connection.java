package io.longline.bench.push;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/** A connection to a center, with one push under way or none. What stands in an answer beside its status is read over. On the loop. */
final class Connection extends SimpleChannelInboundHandler<HttpObject> {
    private final Connections all;
    private @Nullable Channel channel;
    private @Nullable Push push;
    private int status;
    private boolean isKept;
    private boolean isLost;

    Connection(Connections all) {
        this.all = all;
    }

    /** Connects, and sends this one then. */
    void open(Bootstrap bootstrap, Push first) {
        push = first;
        first.goesOn(this);
        var connecting = bootstrap
                .clone()
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel made) {
                        made.pipeline().addLast(new HttpClientCodec(), Connection.this);
                    }
                })
                .connect();
        channel = connecting.channel();
        var _ = connecting.addListener(connected -> {
            if (connected.isSuccess()) {
                write(first);
            } else {
                lost();
            }
        });
    }

    /** Only when none is under way. */
    void send(Push next) {
        push = next;
        next.goesOn(this);
        write(next);
    }

    private void write(Push next) {
        FullHttpRequest request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.POST, next.path(), Unpooled.wrappedBuffer(next.body()));
        request.headers()
                .set(HttpHeaderNames.HOST, all.host())
                .set(HttpHeaderNames.AUTHORIZATION, all.authorization())
                .set(HttpHeaderNames.CONTENT_LENGTH, next.body().length);
        if (channel != null) {
            var _ = channel.writeAndFlush(request, channel.voidPromise()); // where it fails, exceptionCaught is told
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
        if (part.decoderResult().isFailure() || push == null) {
            close(); // that is no HTTP, or nobody asked
            return;
        }
        if (part instanceof HttpResponse response) {
            status = response.status().code();
            isKept = HttpUtil.isKeepAlive(response);
        }
        if (part instanceof LastHttpContent) {
            answered(push);
        }
    }

    private void answered(Push by) {
        push = null;
        if (isKept && channel != null && channel.isActive()) {
            all.freed(this);
        } else {
            close();
        }
        by.answered(status);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        lost();
    }

    private void lost() {
        if (isLost) {
            return;
        }
        isLost = true;
        if (push != null) {
            push.endsUnanswered();
        }
        all.lost(this);
    }

    /** What is under way ends without an answer. */
    void close() {
        if (channel != null) {
            var _ = channel.close();
        }
    }
}
