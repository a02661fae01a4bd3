-- The front sheet of a client's file: the revision saved last stands, earlier ones are kept.

CREATE TABLE front_sheet (
  seq INTEGER PRIMARY KEY CHECK (seq > 0),
  id TEXT NOT NULL UNIQUE,
  client_id TEXT NOT NULL REFERENCES client (id),
  number INTEGER NOT NULL CHECK (number > 0),
  salt BLOB NOT NULL,
  body TEXT NOT NULL,
  saved_at TEXT NOT NULL,
  UNIQUE (client_id, number)
) STRICT;
CREATE TRIGGER front_sheet_update BEFORE UPDATE ON front_sheet BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER front_sheet_delete BEFORE DELETE ON front_sheet
  WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE client_id = OLD.client_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER front_sheet_insert BEFORE INSERT ON front_sheet
  WHEN EXISTS (SELECT 1 FROM front_sheet WHERE seq = NEW.seq OR id = NEW.id
      OR (client_id = NEW.client_id AND number = NEW.number))
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
