package io.longline.coordinator.callback;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves names within a time. A look-up cannot be broken off, so one that takes longer goes on behind the back of whoever asked; so many are
 * under way at most.
 */
final class BoundedNames implements DnsResolver {
    private static final int AT_A_TIME = 64;
    /** Of all callbacks: what a name server does not answer, it may not answer for any. */
    private static final Semaphore TURNS = new Semaphore(AT_A_TIME);

    private static final Executor THREADS =
            task -> Thread.ofPlatform().daemon().name("callback-names").start(task);

    private final DnsResolver names;
    private final Duration time;

    BoundedNames(DnsResolver names, Duration time) {
        this.names = names;
        this.time = time;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        if (!TURNS.tryAcquire()) {
            throw new UnknownHostException("too many names are being looked up to ask for " + host);
        }
        CompletableFuture<InetAddress[]> found = CompletableFuture.supplyAsync(() -> look(host), THREADS);
        try {
            return found.get(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new UnknownHostException(host + " was not found within " + time.toMillis() + " ms");
        } catch (ExecutionException e) {
            throw new UnknownHostException(host + " is not known");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnknownHostException(host + " was not waited for");
        }
    }

    private InetAddress[] look(String host) {
        try {
            return names.resolve(host);
        } catch (UnknownHostException e) {
            throw new CompletionException(e);
        } finally {
            TURNS.release();
        }
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
        return names.resolveCanonicalHostname(host);
    }
}
