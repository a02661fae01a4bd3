-- What is added to a note after it was signed. The words of addenda are searched beside those of notes.

CREATE TABLE addendum (
  seq INTEGER PRIMARY KEY CHECK (seq > 0),
  id TEXT NOT NULL UNIQUE,
  note_id TEXT NOT NULL,
  client_id TEXT NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  salt BLOB NOT NULL,
  text TEXT NOT NULL,
  signer TEXT NOT NULL,
  added_at TEXT NOT NULL,
  UNIQUE (note_id, number),
  FOREIGN KEY (note_id, client_id) REFERENCES note (id, client_id)
) STRICT;
CREATE INDEX addendum_by_client ON addendum (client_id);
CREATE TRIGGER addendum_update BEFORE UPDATE ON addendum BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER addendum_delete BEFORE DELETE ON addendum
  WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE client_id = OLD.client_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER addendum_insert BEFORE INSERT ON addendum
  WHEN EXISTS (SELECT 1 FROM addendum WHERE seq = NEW.seq OR id = NEW.id
      OR (note_id = NEW.note_id AND number = NEW.number))
    OR NOT EXISTS (SELECT 1 FROM sign_off WHERE note_id = NEW.note_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE VIRTUAL TABLE addendum_index USING fts5(
  text, content='addendum', content_rowid='seq', tokenize='unicode61 remove_diacritics 2'
);

-- Typing that is kept and belongs to no record yet: an addendum being written (owner is the note), the question for
-- the next supervision (owner is the client).
CREATE TABLE jotting (
  owner TEXT PRIMARY KEY,
  client_id TEXT NOT NULL REFERENCES client (id),
  text TEXT NOT NULL,
  saved_at TEXT NOT NULL
) STRICT;
