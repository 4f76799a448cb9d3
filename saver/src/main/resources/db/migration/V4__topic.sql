-- Topics. shard is that of product and topic here, below that of product and user.

-- Messages that were published; a row never changes. body is the message as it came, which may not know when it was sent.
CREATE TABLE topic_log (
  shard         SMALLINT     NOT NULL,
  product       VARCHAR(32)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  topic         VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  log_offset    BIGINT       NOT NULL,
  message_id    VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  sent_at_ms    BIGINT       NOT NULL,
  expires_at_ms BIGINT       NOT NULL,
  body          MEDIUMBLOB   NOT NULL,
  PRIMARY KEY (shard, product, topic, log_offset),
  KEY expired (shard, expires_at_ms)
) ENGINE = InnoDB;

-- Up to where endpoints have acknowledged topics.
CREATE TABLE topic_offset (
  shard      SMALLINT     NOT NULL,
  product    VARCHAR(32)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user       VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  device     VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  topic      VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  log_offset BIGINT       NOT NULL,
  PRIMARY KEY (shard, product, user, device, topic)
) ENGINE = InnoDB;

-- What is followed, for register; device '': by the user, whatever device. from_offset is where it began. follows: 0 says nothing, and stays as
-- a row for a day, so that an older note does not bring back what is followed no longer; 1 follows; 2 does not, though its user does.
CREATE TABLE follow (
  shard       SMALLINT     NOT NULL,
  product     VARCHAR(32)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user        VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  device      VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  topic       VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  follows     TINYINT      NOT NULL,
  from_offset BIGINT       NOT NULL,
  version     BIGINT       NOT NULL,
  PRIMARY KEY (shard, product, user, device, topic)
) ENGINE = InnoDB;
