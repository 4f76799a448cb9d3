package io.longline.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A room behind TLS, with a certificate made for the test by the JDK's own keytool. */
class TlsIT extends ClientSetup {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final long SEQ = 1769472000001024L;

    @TempDir
    private Path folder = Path.of("");

    TlsIT() throws IOException {}

    @BeforeEach
    void makeCertificate() throws Exception {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "room",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=room.example.com",
                        "-ext",
                        "san=dns:room.example.com",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        folder.resolve("room.p12").toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor()).as(() -> "keytool").isZero();
    }

    @Test
    void speaksTlsWhereTheAddressSaysSoAndHoldsALinkThroughReadTimeouts() throws Exception {
        SSLContext tls = tls();
        try (TestRoom secured = new TestRoom(
                tls.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress()))) {
            dispatcher.rooms(secured.address().toBuilder()
                    .setTls(true)
                    .setTlsName("room.example.com")
                    .build());
            started(builder().sslSocketFactory(tls.getSocketFactory()));
            RoomLink link = secured.link().heartbeat(1);
            link.welcome();
            link.next(io.longline.v1.ClientFrame.KindCase.PING);
            link.push(SEQ);
            link.acksUpTo(SEQ);
            assertThat(app.seqs()).containsExactly(SEQ);
        }
    }

    @Test
    void refusesARoomWithACertificateForAnotherName() throws Exception {
        SSLContext tls = tls();
        try (TestRoom secured = new TestRoom(
                tls.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress()))) {
            dispatcher.rooms(secured.address().toBuilder()
                    .setTls(true)
                    .setTlsName("other.example.com")
                    .build());
            started(builder().sslSocketFactory(tls.getSocketFactory()));
            await().untilAsserted(() -> assertThat(app.events()).contains("closed 0, comes back"));
            assertThat(app.events()).doesNotContain("connected");
        }
    }

    private SSLContext tls() throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("room.p12"))) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(keys, PASSWORD);
        TrustManagerFactory trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trustManagers.init(keys);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
        return tls;
    }
}
