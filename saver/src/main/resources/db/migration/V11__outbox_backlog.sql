-- Events that wait for back ends and for which Redis is too small: coordinator moves them here and fetches them again, in order of seq.
-- fields is a JSON object of texts. bytes is what counts against the limit of the product: of payload and fields.
CREATE TABLE outbox_backlog (
  shard      SMALLINT     NOT NULL,
  product    VARCHAR(32)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind       VARCHAR(160) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  seq        BIGINT       NOT NULL,
  user       VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  device     VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  generation BIGINT       NOT NULL,
  at_ms      BIGINT       NOT NULL,
  bytes      INT          NOT NULL,
  fields     TEXT         CHARACTER SET utf8mb4 NOT NULL,
  payload    MEDIUMBLOB   NOT NULL,
  PRIMARY KEY (shard, product, kind, seq)
) ENGINE = InnoDB;

-- Under which fencing number a shard was opened last. Its row is locked by whoever changes anything of the shard.
CREATE TABLE outbox_backlog_shard (
  shard SMALLINT NOT NULL PRIMARY KEY,
  fence BIGINT   NOT NULL
) ENGINE = InnoDB;

-- How much there is, changed in the same step.
CREATE TABLE outbox_backlog_size (
  shard   SMALLINT     NOT NULL,
  product VARCHAR(32)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind    VARCHAR(160) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  events  BIGINT       NOT NULL,
  bytes   BIGINT       NOT NULL,
  PRIMARY KEY (shard, product, kind),
  KEY of_product (product, events, bytes)
) ENGINE = InnoDB;
