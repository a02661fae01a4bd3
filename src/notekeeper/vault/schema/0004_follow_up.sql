-- What a therapist means to do, and by when. That it was done, or is open again, is a row of its own; the newest holds.

CREATE TABLE follow_up (
  seq INTEGER PRIMARY KEY CHECK (seq > 0),
  id TEXT NOT NULL UNIQUE,
  client_id TEXT NOT NULL REFERENCES client (id),
  number INTEGER NOT NULL CHECK (number > 0),
  note_id TEXT,
  salt BLOB NOT NULL,
  words TEXT NOT NULL,
  due TEXT NOT NULL,
  added_at TEXT NOT NULL,
  UNIQUE (client_id, number),
  UNIQUE (id, client_id),
  FOREIGN KEY (note_id, client_id) REFERENCES note (id, client_id)
) STRICT;
CREATE TRIGGER follow_up_update BEFORE UPDATE ON follow_up BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER follow_up_delete BEFORE DELETE ON follow_up
  WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE client_id = OLD.client_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER follow_up_insert BEFORE INSERT ON follow_up
  WHEN EXISTS (SELECT 1 FROM follow_up WHERE seq = NEW.seq OR id = NEW.id
      OR (client_id = NEW.client_id AND number = NEW.number))
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE follow_up_mark (
  seq INTEGER PRIMARY KEY CHECK (seq > 0),
  id TEXT NOT NULL UNIQUE,
  follow_up_id TEXT NOT NULL,
  client_id TEXT NOT NULL,
  done INTEGER NOT NULL CHECK (done IN (0, 1)),
  day TEXT NOT NULL,
  at TEXT NOT NULL,
  FOREIGN KEY (follow_up_id, client_id) REFERENCES follow_up (id, client_id)
) STRICT;
CREATE INDEX follow_up_mark_by_follow_up ON follow_up_mark (follow_up_id);
CREATE INDEX follow_up_mark_by_client ON follow_up_mark (client_id);
CREATE TRIGGER follow_up_mark_update BEFORE UPDATE ON follow_up_mark BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER follow_up_mark_delete BEFORE DELETE ON follow_up_mark
  WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE client_id = OLD.client_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER follow_up_mark_insert BEFORE INSERT ON follow_up_mark
  WHEN EXISTS (SELECT 1 FROM follow_up_mark WHERE seq = NEW.seq OR id = NEW.id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- A risk entry that an addendum brings to a session after it was signed. What was signed stays in the sign-off.

CREATE TABLE addendum_risk (
  seq INTEGER PRIMARY KEY CHECK (seq > 0),
  addendum_id TEXT NOT NULL UNIQUE REFERENCES addendum (id),
  client_id TEXT NOT NULL,
  salt BLOB NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX addendum_risk_by_client ON addendum_risk (client_id);
CREATE TRIGGER addendum_risk_update BEFORE UPDATE ON addendum_risk BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER addendum_risk_delete BEFORE DELETE ON addendum_risk
  WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE client_id = OLD.client_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER addendum_risk_insert BEFORE INSERT ON addendum_risk
  WHEN EXISTS (SELECT 1 FROM addendum_risk WHERE seq = NEW.seq OR addendum_id = NEW.addendum_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
