-- Of broadcasts: so many bytes a second, 0: any number, and what one session takes of them; 0: only the message tells.
ALTER TABLE job
  ADD COLUMN bytes_per_s INT NOT NULL DEFAULT 0,
  ADD COLUMN bytes_each  INT NOT NULL DEFAULT 0;
