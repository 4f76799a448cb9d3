-- Messages that are to be sent later. state 0: not ended as far as MySQL knows; 1: sent; 2: recalled. over_at_ms is when it ended or
-- will have; targets are user/device, or user/ for all devices of the user, with blanks between them.
CREATE TABLE schedule (
  shard      SMALLINT       NOT NULL,
  product    VARCHAR(32)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  message_id VARCHAR(128)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  body_hash  VARBINARY(64)  NOT NULL,
  send_at_ms BIGINT         NOT NULL,
  over_at_ms BIGINT         NOT NULL,
  state      TINYINT        NOT NULL,
  targets    MEDIUMTEXT     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  body       MEDIUMBLOB     NULL,
  PRIMARY KEY (shard, product, message_id)
) ENGINE = InnoDB;
