-- Broadcasts that were taken behind another one of their topic, to be sent with it: behind is 1 from then on to the report that ends them, or until they
-- have the place of the topic (running), which whoever ends the one before them hands on. They may be in the log, neither open nor removed, so nothing
-- of their topic begins before them. A saver of the release before leaves it at 1 where it notes that one is done (state 5).
ALTER TABLE job
  ADD COLUMN behind TINYINT NOT NULL DEFAULT 0,
  ADD KEY is_behind (behind);
