package io.longline.keeper.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Lua script, one resource file each. Immutable; make each once, as a constant of the class that runs it. */
public final class RedisScript {

    private static final String MARK_CHECK = "SHARD_LOST";
    private static final Pattern INCLUDE = Pattern.compile("(?m)^-- include (/\\S+)$");

    private final String name;
    private final byte[] text;
    private final String sha1;
    private final boolean checksMark;

    private RedisScript(String name, byte[] text) {
        this.name = name;
        this.text = text;
        this.sha1 = sha1(text);
        this.checksMark = new String(text, StandardCharsets.UTF_8).contains(MARK_CHECK);
    }

    /**
     * Reads {@code resource} ({@code bind.lua}) in the package of {@code beside}. A line {@code -- include /a/b/c.lua}, a resource
     * named in full, stands for what that one says, and includes: Lua in Redis has no way to share a function.
     */
    public static RedisScript of(Class<?> beside, String resource) {
        return new RedisScript(resource, whole(beside, resource).getBytes(StandardCharsets.UTF_8));
    }

    private static String whole(Class<?> beside, String resource) {
        Matcher includes = INCLUDE.matcher(read(beside, resource));
        return includes.replaceAll(line -> Matcher.quoteReplacement(whole(beside, line.group(1))));
    }

    private static String read(Class<?> beside, String resource) {
        try (InputStream in = beside.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException("no resource " + resource + " beside " + beside.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] text() {
        return text.clone();
    }

    /** By which Redis knows it. */
    public String sha1() {
        return sha1;
    }

    boolean checksMark() {
        return checksMark;
    }

    @Override
    public String toString() {
        return name;
    }

    private static String sha1(byte[] text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }
}
