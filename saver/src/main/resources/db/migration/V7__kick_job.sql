-- Lists of users to be kicked: jobs with a kick_reason, be it '', and without a message: message_id is the job's own id, which nobody claims, and body
-- is empty. running of one is product!kick while it runs. sent counts users, copies the sessions of theirs that end.
ALTER TABLE job
  ADD COLUMN kick_reason  VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  ADD COLUMN kick_block_s INT          NOT NULL DEFAULT 0;
