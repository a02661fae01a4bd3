-- The record. Every table with a client's content carries client_id, so that one client can be erased whole.
-- Append-only tables have three guards: BEFORE UPDATE, BEFORE DELETE and BEFORE INSERT (INSERT OR REPLACE walks past
-- the first two). Deletion is let through for a client whose erasure is written down, and for content that has ended.
-- A `salt` keeps a destroyed text from being confirmed by guessing; it goes with the text.

CREATE TABLE log_entry (
  number INTEGER PRIMARY KEY CHECK (number > 0),
  at TEXT NOT NULL,
  event TEXT NOT NULL,
  subject TEXT NOT NULL,
  owner TEXT NOT NULL,
  commitment TEXT NOT NULL,
  hash TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;
CREATE INDEX log_by_subject ON log_entry (subject, event);
CREATE TRIGGER log_update BEFORE UPDATE ON log_entry BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER log_delete BEFORE DELETE ON log_entry BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER log_insert BEFORE INSERT ON log_entry
  WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM log_entry)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- What is left of an erased client: a random id and when.
CREATE TABLE erasure (client_id TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TRIGGER erasure_update BEFORE UPDATE ON erasure BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER erasure_delete BEFORE DELETE ON erasure BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER erasure_insert BEFORE INSERT ON erasure
  WHEN EXISTS (SELECT 1 FROM erasure WHERE client_id = NEW.client_id)
    OR NOT EXISTS (SELECT 1 FROM client WHERE id = NEW.client_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- Keys of the commitments in the log: one for the vault (owner ''), one for each client.
CREATE TABLE commitment_key (
  owner TEXT PRIMARY KEY, key BLOB NOT NULL CHECK (length(key) = 32)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER commitment_key_update BEFORE UPDATE ON commitment_key BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER commitment_key_delete BEFORE DELETE ON commitment_key
  WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE client_id = OLD.owner)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER commitment_key_insert BEFORE INSERT ON commitment_key
  WHEN EXISTS (SELECT 1 FROM commitment_key WHERE owner = NEW.owner)
    OR EXISTS (SELECT 1 FROM erasure WHERE client_id = NEW.owner)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE setting (name TEXT PRIMARY KEY, salt BLOB NOT NULL, body TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE client (
  id TEXT PRIMARY KEY,
  code TEXT NOT NULL COLLATE NOCASE UNIQUE,
  added_at TEXT NOT NULL,
  demonstration INTEGER NOT NULL CHECK (demonstration IN (0, 1)),
  last_number INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE TRIGGER client_update BEFORE UPDATE ON client
  WHEN (NEW.id, NEW.code, NEW.added_at, NEW.demonstration) IS NOT (OLD.id, OLD.code, OLD.added_at, OLD.demonstration)
    OR NEW.last_number < OLD.last_number
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER client_delete BEFORE DELETE ON client
  WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE client_id = OLD.id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER client_insert BEFORE INSERT ON client
  WHEN EXISTS (SELECT 1 FROM client WHERE id = NEW.id OR code = NEW.code)
    OR EXISTS (SELECT 1 FROM erasure WHERE client_id = NEW.id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE note (
  id TEXT PRIMARY KEY,
  client_id TEXT NOT NULL REFERENCES client (id),
  number INTEGER NOT NULL CHECK (number > 0),
  kind TEXT NOT NULL,
  format TEXT NOT NULL,
  date TEXT NOT NULL,
  created_at TEXT NOT NULL,
  UNIQUE (client_id, number),
  UNIQUE (id, client_id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER note_update BEFORE UPDATE ON note BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER note_delete BEFORE DELETE ON note
  WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE client_id = OLD.client_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER note_insert BEFORE INSERT ON note
  WHEN EXISTS (SELECT 1 FROM note WHERE id = NEW.id OR (client_id = NEW.client_id AND number = NEW.number))
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE sign_off (
  seq INTEGER PRIMARY KEY CHECK (seq > 0),
  id TEXT NOT NULL UNIQUE,
  note_id TEXT NOT NULL UNIQUE,
  client_id TEXT NOT NULL,
  salt BLOB NOT NULL,
  body TEXT NOT NULL,
  FOREIGN KEY (note_id, client_id) REFERENCES note (id, client_id)
) STRICT;
CREATE INDEX sign_off_by_client ON sign_off (client_id);
CREATE TRIGGER sign_off_update BEFORE UPDATE ON sign_off BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER sign_off_delete BEFORE DELETE ON sign_off
  WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE client_id = OLD.client_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER sign_off_insert BEFORE INSERT ON sign_off
  WHEN EXISTS (SELECT 1 FROM sign_off WHERE seq = NEW.seq OR id = NEW.id OR note_id = NEW.note_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE revision (
  seq INTEGER PRIMARY KEY CHECK (seq > 0),
  id TEXT NOT NULL UNIQUE,
  note_id TEXT NOT NULL,
  client_id TEXT NOT NULL,
  part TEXT NOT NULL CHECK (part IN ('record', 'process')),
  number INTEGER NOT NULL CHECK (number > 0),
  salt BLOB NOT NULL,
  text TEXT NOT NULL,
  saved_at TEXT NOT NULL,
  UNIQUE (note_id, part, number),
  FOREIGN KEY (note_id, client_id) REFERENCES note (id, client_id)
) STRICT;
CREATE INDEX revision_by_client ON revision (client_id);
CREATE TRIGGER revision_update BEFORE UPDATE ON revision BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER revision_delete BEFORE DELETE ON revision
  WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE client_id = OLD.client_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER revision_insert BEFORE INSERT ON revision
  WHEN EXISTS (SELECT 1 FROM revision WHERE seq = NEW.seq OR id = NEW.id
      OR (note_id = NEW.note_id AND part = NEW.part AND number = NEW.number))
    OR EXISTS (SELECT 1 FROM sign_off WHERE note_id = NEW.note_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- The words of the newest revisions; the text itself stays in `revision`.
CREATE VIRTUAL TABLE word_index USING fts5(
  text, content='revision', content_rowid='seq', tokenize='unicode61 remove_diacritics 2'
);

-- Typing that is kept but not saved: the one place where a newer text takes the place of an older one.
CREATE TABLE working_text (
  note_id TEXT NOT NULL,
  client_id TEXT NOT NULL,
  part TEXT NOT NULL CHECK (part IN ('record', 'process')),
  text TEXT NOT NULL,
  saved_at TEXT NOT NULL,
  PRIMARY KEY (note_id, part),
  FOREIGN KEY (note_id, client_id) REFERENCES note (id, client_id)
) STRICT;
CREATE TRIGGER working_text_insert BEFORE INSERT ON working_text
  WHEN EXISTS (SELECT 1 FROM sign_off WHERE note_id = NEW.note_id)
  BEGIN SELECT RAISE(ABORT, 'signed'); END;

CREATE TABLE agreement (
  seq INTEGER PRIMARY KEY CHECK (seq > 0),
  id TEXT NOT NULL UNIQUE,
  client_id TEXT NOT NULL REFERENCES client (id),
  purpose TEXT NOT NULL,
  answer TEXT NOT NULL,
  how TEXT NOT NULL,
  given_by TEXT NOT NULL,
  wording_version TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;
CREATE INDEX agreement_by_client ON agreement (client_id, purpose);
CREATE TRIGGER agreement_update BEFORE UPDATE ON agreement BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER agreement_delete BEFORE DELETE ON agreement
  WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE client_id = OLD.client_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER agreement_insert BEFORE INSERT ON agreement
  WHEN EXISTS (SELECT 1 FROM agreement WHERE seq = NEW.seq OR id = NEW.id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- A draft: facts and counts stay; its content stands apart, until the draft has ended.
CREATE TABLE draft (
  seq INTEGER PRIMARY KEY CHECK (seq > 0),
  id TEXT NOT NULL UNIQUE,
  note_id TEXT NOT NULL,
  client_id TEXT NOT NULL,
  revision_id TEXT NOT NULL REFERENCES revision (id),
  made_at TEXT NOT NULL,
  facts TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  FOREIGN KEY (note_id, client_id) REFERENCES note (id, client_id)
) STRICT;
CREATE INDEX draft_by_note ON draft (note_id);
CREATE INDEX draft_by_client ON draft (client_id);
CREATE INDEX draft_by_revision ON draft (revision_id);
CREATE TRIGGER draft_update BEFORE UPDATE ON draft BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER draft_delete BEFORE DELETE ON draft
  WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE client_id = OLD.client_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER draft_insert BEFORE INSERT ON draft
  WHEN EXISTS (SELECT 1 FROM draft WHERE seq = NEW.seq OR id = NEW.id)
    OR EXISTS (SELECT 1 FROM sign_off WHERE note_id = NEW.note_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE draft_end (
  draft_id TEXT PRIMARY KEY REFERENCES draft (id),
  client_id TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (reason IN ('signed', 'replaced', 'agreement')),
  at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER draft_end_update BEFORE UPDATE ON draft_end BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER draft_end_delete BEFORE DELETE ON draft_end
  WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE client_id = OLD.client_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER draft_end_insert BEFORE INSERT ON draft_end
  WHEN EXISTS (SELECT 1 FROM draft_end WHERE draft_id = NEW.draft_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE draft_content (
  draft_id TEXT PRIMARY KEY REFERENCES draft (id),
  client_id TEXT NOT NULL,
  salt BLOB NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE TRIGGER draft_content_update BEFORE UPDATE ON draft_content BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER draft_content_delete BEFORE DELETE ON draft_content
  WHEN NOT EXISTS (SELECT 1 FROM draft_end WHERE draft_id = OLD.draft_id)
    AND NOT EXISTS (SELECT 1 FROM erasure WHERE client_id = OLD.client_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER draft_content_insert BEFORE INSERT ON draft_content
  WHEN EXISTS (SELECT 1 FROM draft_content WHERE draft_id = NEW.draft_id OR rowid = NEW.rowid)
    OR EXISTS (SELECT 1 FROM draft_end WHERE draft_id = NEW.draft_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE decision (
  seq INTEGER PRIMARY KEY CHECK (seq > 0),
  id TEXT NOT NULL UNIQUE,
  draft_id TEXT NOT NULL REFERENCES draft (id),
  client_id TEXT NOT NULL,
  item TEXT NOT NULL,
  choice TEXT NOT NULL,
  at TEXT NOT NULL,
  destination TEXT,
  reason TEXT,
  text_hash TEXT NOT NULL
) STRICT;
CREATE INDEX decision_by_draft ON decision (draft_id);
CREATE INDEX decision_by_client ON decision (client_id);
CREATE TRIGGER decision_update BEFORE UPDATE ON decision BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER decision_delete BEFORE DELETE ON decision
  WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE client_id = OLD.client_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER decision_insert BEFORE INSERT ON decision
  WHEN EXISTS (SELECT 1 FROM decision WHERE seq = NEW.seq OR id = NEW.id)
    OR EXISTS (SELECT 1 FROM draft_end WHERE draft_id = NEW.draft_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- The therapist's wording of an edited item, until the draft has ended.
CREATE TABLE decision_text (
  decision_id TEXT PRIMARY KEY REFERENCES decision (id),
  draft_id TEXT NOT NULL REFERENCES draft (id),
  client_id TEXT NOT NULL,
  salt BLOB NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX decision_text_by_draft ON decision_text (draft_id);
CREATE TRIGGER decision_text_update BEFORE UPDATE ON decision_text BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER decision_text_delete BEFORE DELETE ON decision_text
  WHEN NOT EXISTS (SELECT 1 FROM draft_end WHERE draft_id = OLD.draft_id)
    AND NOT EXISTS (SELECT 1 FROM erasure WHERE client_id = OLD.client_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER decision_text_insert BEFORE INSERT ON decision_text
  WHEN EXISTS (SELECT 1 FROM decision_text WHERE decision_id = NEW.decision_id OR rowid = NEW.rowid)
    OR EXISTS (SELECT 1 FROM draft_end WHERE draft_id = NEW.draft_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- The therapist's own view and the risk entry of a review that is not signed yet; the sign-off holds them afterwards.
CREATE TABLE review_part (
  note_id TEXT NOT NULL,
  client_id TEXT NOT NULL,
  name TEXT NOT NULL CHECK (name IN ('own', 'risk')),
  salt BLOB NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (note_id, name),
  FOREIGN KEY (note_id, client_id) REFERENCES note (id, client_id)
) STRICT;
CREATE TRIGGER review_part_insert BEFORE INSERT ON review_part
  WHEN EXISTS (SELECT 1 FROM sign_off WHERE note_id = NEW.note_id)
  BEGIN SELECT RAISE(ABORT, 'signed'); END;
