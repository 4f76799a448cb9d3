-- Broadcasts: jobs with a topic, and without a list. Their state may be 4 as well: the canary has it, nobody else is sent it before somebody wants it.
-- running of one is product/topic, from when it is taken for the first time to the report that ends it, whether it runs or rests or was
-- cancelled: until then what it published is in the log, neither open nor removed, and nothing may be published behind it.
-- canary is so many users of 1,000, 0: everybody; canary_told what of that whoever works on it knows. log_offset is 0 until it is published.
-- rooms is instance/incarnation=targeted,sent,acked,left with blanks between them; NULL: none was asked yet.
ALTER TABLE job
  MODIFY COLUMN running VARCHAR(161) CHARACTER SET ascii COLLATE ascii_bin NULL,
  ADD COLUMN topic       VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ADD COLUMN canary      INT          NOT NULL DEFAULT 0,
  ADD COLUMN canary_told INT          NOT NULL DEFAULT 0,
  ADD COLUMN log_offset  BIGINT       NOT NULL DEFAULT 0,
  ADD COLUMN rooms       MEDIUMTEXT   CHARACTER SET ascii COLLATE ascii_bin NULL;
