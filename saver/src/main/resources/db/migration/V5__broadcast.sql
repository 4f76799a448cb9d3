-- What became of broadcasts: those whose job has ended well everybody may read, those that were cancelled or recalled nobody. shard is that of product
-- and '*'. state: 1 open, 2 removed, the greater one stays; of what has none yet the job is not over. A row stays as long as its message's in topic_log.
CREATE TABLE broadcast_state (
  shard      SMALLINT     NOT NULL,
  product    VARCHAR(32)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  topic      VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  log_offset BIGINT       NOT NULL,
  state      TINYINT      NOT NULL,
  PRIMARY KEY (shard, product, topic, log_offset)
) ENGINE = InnoDB;
