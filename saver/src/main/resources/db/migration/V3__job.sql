-- Messages to long lists, while they are sent and for a day after. They live here alone.
-- state as in job.proto, and 0: the list is still coming; over_at_ms is when it ended, of one whose list is coming when the last part came.
-- claimed is the message id, from when the list was whole: one job of each. running is the product, while it runs: one job of each.
-- done, sent and copies count from the beginning of the list; skipped is reason=count with blanks between them. run counts who took it;
-- that one has it until run_until_ms. recall 1: what was sent is to be recalled, as it is up to recalled; 2: it was.
CREATE TABLE job (
  id            VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  product       VARCHAR(32)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  message_id    VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  claimed       VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NULL,
  running       VARCHAR(32)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  state         TINYINT      NOT NULL,
  body_hash     VARBINARY(64) NOT NULL,
  created_at_ms BIGINT       NOT NULL,
  ends_at_ms    BIGINT       NOT NULL,
  over_at_ms    BIGINT       NOT NULL,
  rate_per_s    INT          NOT NULL,
  targeted      INT          NOT NULL,
  part_size     INT          NOT NULL,
  done          INT          NOT NULL,
  sent          INT          NOT NULL,
  copies        INT          NOT NULL,
  skipped       VARCHAR(512) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason        VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  run           BIGINT       NOT NULL,
  run_until_ms  BIGINT       NOT NULL,
  node          VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  recall        TINYINT      NOT NULL,
  recalled      INT          NOT NULL,
  body          MEDIUMBLOB   NULL,
  PRIMARY KEY (id),
  UNIQUE KEY one_of_message (product, claimed),
  UNIQUE KEY one_of_product (running),
  KEY of_product (product, id),
  KEY in_state (state)
) ENGINE = InnoDB;

CREATE TABLE job_part (
  job     VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  part    INT          NOT NULL,
  targets MEDIUMBLOB   NOT NULL,
  PRIMARY KEY (job, part)
) ENGINE = InnoDB;
