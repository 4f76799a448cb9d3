-- Events that no back end took in time, until somebody sends them again or does away with them. They live here alone.
-- seq is the one under which an event waited before it died: one that was sent again and dies once more has a greater one. fields is a JSON
-- object of texts. number is the order of the list, in which one that died again keeps its place.
CREATE TABLE dead_letter (
  product    VARCHAR(32)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  id         VARCHAR(192) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  number     BIGINT       NOT NULL AUTO_INCREMENT,
  kind       VARCHAR(160) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user       VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  device     VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  generation BIGINT       NOT NULL,
  seq        BIGINT       NOT NULL,
  at_ms      BIGINT       NOT NULL,
  died_at_ms BIGINT       NOT NULL,
  reason     VARCHAR(128) CHARACTER SET utf8mb4 NOT NULL,
  fields     TEXT         CHARACTER SET utf8mb4 NOT NULL,
  payload    MEDIUMBLOB   NOT NULL,
  PRIMARY KEY (product, id),
  UNIQUE KEY in_order (number),
  KEY of_kind (product, kind, number),
  KEY of_product (product, number),
  KEY old (died_at_ms)
) ENGINE = InnoDB;
