-- What one recovers from when Redis is lost. MySQL 8 and MariaDB 11.
-- Rows stand by shard first: a rebuild and the purge read one shard after the other.

-- Messages. A seq is drawn from one counter per user, so it names a row whichever device has the message by now;
-- device is the one it was stored for. state 0: not final as far as MySQL knows; 100: it lives on under another seq.
CREATE TABLE inbox (
  shard         SMALLINT     NOT NULL,
  product       VARCHAR(32)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user          VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  seq           BIGINT       NOT NULL,
  device        VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  message_id    VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  expires_at_ms BIGINT       NOT NULL,
  state         TINYINT      NOT NULL,
  reason        VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  body          MEDIUMBLOB   NULL,
  PRIMARY KEY (shard, product, user, seq)
) ENGINE = InnoDB;

-- Watermarks: everything up to seq is acknowledged.
CREATE TABLE acked (
  shard   SMALLINT     NOT NULL,
  product VARCHAR(32)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user    VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  device  VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  seq     BIGINT       NOT NULL,
  PRIMARY KEY (shard, product, user, device)
) ENGINE = InnoDB;

-- Who got what was stored for "default" below version, a number of the user's counter. heir '': it was forgotten.
CREATE TABLE heir (
  shard   SMALLINT     NOT NULL,
  product VARCHAR(32)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user    VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version BIGINT       NOT NULL,
  heir    VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (shard, product, user, version)
) ENGINE = InnoDB;

-- Known devices, for register. A forgotten one stays as a row, so that an older note does not bring it back.
CREATE TABLE device (
  shard      SMALLINT     NOT NULL,
  product    VARCHAR(32)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user       VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  device     VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  generation BIGINT       NOT NULL,
  seen_ms    BIGINT       NOT NULL,
  forgotten  BOOLEAN      NOT NULL,
  PRIMARY KEY (shard, product, user, device)
) ENGINE = InnoDB;
