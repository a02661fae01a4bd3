-- The rest of a client's file: dated entries of many kinds, the identity behind the code, signatures, provenance apart
-- from what was signed, notes that were filed under the wrong client, and the register of destroyed files.

-- Entries that are added and never changed: persons of the file, details of an agreement, correction and access
-- requests, the client's own use of AI, retention. What each kind holds is written in notekeeper.domain.entry.
CREATE TABLE file_entry (
  seq INTEGER PRIMARY KEY CHECK (seq > 0),
  id TEXT NOT NULL UNIQUE,
  client_id TEXT NOT NULL REFERENCES client (id),
  kind TEXT NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  about TEXT NOT NULL,
  salt BLOB NOT NULL,
  body TEXT NOT NULL,
  at TEXT NOT NULL,
  UNIQUE (client_id, kind, number)
) STRICT;
CREATE INDEX file_entry_by_about ON file_entry (about);
CREATE TRIGGER file_entry_update BEFORE UPDATE ON file_entry BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER file_entry_delete BEFORE DELETE ON file_entry
  WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE client_id = OLD.client_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER file_entry_insert BEFORE INSERT ON file_entry
  WHEN EXISTS (SELECT 1 FROM file_entry WHERE seq = NEW.seq OR id = NEW.id
      OR (client_id = NEW.client_id AND kind = NEW.kind AND number = NEW.number))
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- Who a code stands for, if the therapist wants it here at all. It may be changed and taken away again.
CREATE TABLE identity (
  client_id TEXT PRIMARY KEY REFERENCES client (id), salt BLOB NOT NULL, body TEXT NOT NULL
) STRICT;

-- Signatures by the vault's Ed25519 key, of a sign-off or an addendum (`subject`).
CREATE TABLE signature (
  seq INTEGER PRIMARY KEY CHECK (seq > 0),
  subject TEXT NOT NULL UNIQUE,
  note_id TEXT NOT NULL,
  client_id TEXT NOT NULL,
  public_key TEXT NOT NULL,
  signature TEXT NOT NULL,
  FOREIGN KEY (note_id, client_id) REFERENCES note (id, client_id)
) STRICT;
CREATE INDEX signature_by_client ON signature (client_id);
CREATE INDEX signature_by_note ON signature (note_id);

-- What made the draft behind a sign-off. It goes when the client withdraws; what was signed stays.
CREATE TABLE provenance (
  sign_off_id TEXT PRIMARY KEY,
  note_id TEXT NOT NULL,
  client_id TEXT NOT NULL,
  salt BLOB NOT NULL,
  body TEXT NOT NULL,
  FOREIGN KEY (note_id, client_id) REFERENCES note (id, client_id)
) STRICT;
CREATE INDEX provenance_by_client ON provenance (client_id);
CREATE INDEX provenance_by_note ON provenance (note_id);
CREATE TABLE provenance_end (
  sign_off_id TEXT PRIMARY KEY, note_id TEXT NOT NULL, client_id TEXT NOT NULL, at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER provenance_end_update BEFORE UPDATE ON provenance_end BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER provenance_end_insert BEFORE INSERT ON provenance_end
  WHEN EXISTS (SELECT 1 FROM provenance_end WHERE sign_off_id = NEW.sign_off_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER provenance_update BEFORE UPDATE ON provenance BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER provenance_insert BEFORE INSERT ON provenance
  WHEN EXISTS (SELECT 1 FROM provenance WHERE sign_off_id = NEW.sign_off_id OR rowid = NEW.rowid)
    OR EXISTS (SELECT 1 FROM provenance_end WHERE sign_off_id = NEW.sign_off_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER signature_update BEFORE UPDATE ON signature BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER signature_insert BEFORE INSERT ON signature
  WHEN EXISTS (SELECT 1 FROM signature WHERE seq = NEW.seq OR subject = NEW.subject)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- A note that was filed under the wrong client. Its row in `note` stays as a stub; what hung on it is destroyed.
-- `subjects` are the ids of the destroyed rows that the log names, as a JSON list.
CREATE TABLE note_moved (
  note_id TEXT PRIMARY KEY,
  client_id TEXT NOT NULL,
  subjects TEXT NOT NULL,
  at TEXT NOT NULL,
  FOREIGN KEY (note_id, client_id) REFERENCES note (id, client_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX note_moved_by_client ON note_moved (client_id);
CREATE TRIGGER note_moved_update BEFORE UPDATE ON note_moved BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER note_moved_delete BEFORE DELETE ON note_moved
  WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE client_id = OLD.client_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER note_moved_insert BEFORE INSERT ON note_moved
  WHEN EXISTS (SELECT 1 FROM note_moved WHERE note_id = NEW.note_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- The register of destroyed files: when, by whom, under which policy, and counts; no code and no word.
CREATE TABLE destruction (client_id TEXT PRIMARY KEY, body TEXT NOT NULL, at TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TRIGGER destruction_update BEFORE UPDATE ON destruction BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER destruction_delete BEFORE DELETE ON destruction BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER destruction_insert BEFORE INSERT ON destruction
  WHEN EXISTS (SELECT 1 FROM destruction WHERE client_id = NEW.client_id)
    OR NOT EXISTS (SELECT 1 FROM erasure WHERE client_id = NEW.client_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- Deletion is let through for a note that was moved, too; and a moved note takes nothing new.

DROP TRIGGER sign_off_delete;
CREATE TRIGGER sign_off_delete BEFORE DELETE ON sign_off
  WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE client_id = OLD.client_id)
    AND NOT EXISTS (SELECT 1 FROM note_moved m WHERE m.note_id = OLD.note_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
DROP TRIGGER revision_delete;
CREATE TRIGGER revision_delete BEFORE DELETE ON revision
  WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE client_id = OLD.client_id)
    AND NOT EXISTS (SELECT 1 FROM note_moved m WHERE m.note_id = OLD.note_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
DROP TRIGGER draft_delete;
CREATE TRIGGER draft_delete BEFORE DELETE ON draft
  WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE client_id = OLD.client_id)
    AND NOT EXISTS (SELECT 1 FROM note_moved m WHERE m.note_id = OLD.note_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
DROP TRIGGER draft_end_delete;
CREATE TRIGGER draft_end_delete BEFORE DELETE ON draft_end
  WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE client_id = OLD.client_id)
    AND NOT EXISTS (SELECT 1 FROM draft p JOIN note_moved m ON m.note_id = p.note_id WHERE p.id = OLD.draft_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
DROP TRIGGER draft_content_delete;
CREATE TRIGGER draft_content_delete BEFORE DELETE ON draft_content
  WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE client_id = OLD.client_id)
    AND NOT EXISTS (SELECT 1 FROM draft_end WHERE draft_id = OLD.draft_id)
    AND NOT EXISTS (SELECT 1 FROM draft p JOIN note_moved m ON m.note_id = p.note_id WHERE p.id = OLD.draft_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
DROP TRIGGER decision_delete;
CREATE TRIGGER decision_delete BEFORE DELETE ON decision
  WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE client_id = OLD.client_id)
    AND NOT EXISTS (SELECT 1 FROM draft p JOIN note_moved m ON m.note_id = p.note_id WHERE p.id = OLD.draft_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
DROP TRIGGER decision_text_delete;
CREATE TRIGGER decision_text_delete BEFORE DELETE ON decision_text
  WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE client_id = OLD.client_id)
    AND NOT EXISTS (SELECT 1 FROM draft_end WHERE draft_id = OLD.draft_id)
    AND NOT EXISTS (SELECT 1 FROM draft p JOIN note_moved m ON m.note_id = p.note_id WHERE p.id = OLD.draft_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
DROP TRIGGER file_entry_delete;
CREATE TRIGGER file_entry_delete BEFORE DELETE ON file_entry
  WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE client_id = OLD.client_id)
    AND NOT EXISTS (SELECT 1 FROM note_moved m WHERE m.note_id = OLD.about)
    AND NOT EXISTS (SELECT 1 FROM note_moved m, json_each(m.subjects) s
      WHERE m.client_id = OLD.client_id AND s.value = OLD.id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
DROP TRIGGER addendum_delete;
CREATE TRIGGER addendum_delete BEFORE DELETE ON addendum
  WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE client_id = OLD.client_id)
    AND NOT EXISTS (SELECT 1 FROM note_moved m WHERE m.note_id = OLD.note_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
DROP TRIGGER addendum_risk_delete;
CREATE TRIGGER addendum_risk_delete BEFORE DELETE ON addendum_risk
  WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE client_id = OLD.client_id)
    AND NOT EXISTS (SELECT 1 FROM addendum p JOIN note_moved m ON m.note_id = p.note_id WHERE p.id = OLD.addendum_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
DROP TRIGGER follow_up_delete;
CREATE TRIGGER follow_up_delete BEFORE DELETE ON follow_up
  WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE client_id = OLD.client_id)
    AND NOT EXISTS (SELECT 1 FROM note_moved m WHERE m.note_id = OLD.note_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
DROP TRIGGER follow_up_mark_delete;
CREATE TRIGGER follow_up_mark_delete BEFORE DELETE ON follow_up_mark
  WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE client_id = OLD.client_id)
    AND NOT EXISTS (SELECT 1 FROM follow_up p JOIN note_moved m ON m.note_id = p.note_id WHERE p.id = OLD.follow_up_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER signature_delete BEFORE DELETE ON signature
  WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE client_id = OLD.client_id)
    AND NOT EXISTS (SELECT 1 FROM note_moved m WHERE m.note_id = OLD.note_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER provenance_delete BEFORE DELETE ON provenance
  WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE client_id = OLD.client_id)
    AND NOT EXISTS (SELECT 1 FROM note_moved m WHERE m.note_id = OLD.note_id)
    AND NOT EXISTS (SELECT 1 FROM provenance_end WHERE sign_off_id = OLD.sign_off_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER provenance_end_delete BEFORE DELETE ON provenance_end
  WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE client_id = OLD.client_id)
    AND NOT EXISTS (SELECT 1 FROM note_moved m WHERE m.note_id = OLD.note_id)
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER sign_off_moved BEFORE INSERT ON sign_off
  WHEN EXISTS (SELECT 1 FROM note_moved WHERE note_id = NEW.note_id)
  BEGIN SELECT RAISE(ABORT, 'moved'); END;
CREATE TRIGGER revision_moved BEFORE INSERT ON revision
  WHEN EXISTS (SELECT 1 FROM note_moved WHERE note_id = NEW.note_id)
  BEGIN SELECT RAISE(ABORT, 'moved'); END;
CREATE TRIGGER draft_moved BEFORE INSERT ON draft
  WHEN EXISTS (SELECT 1 FROM note_moved WHERE note_id = NEW.note_id)
  BEGIN SELECT RAISE(ABORT, 'moved'); END;
CREATE TRIGGER addendum_moved BEFORE INSERT ON addendum
  WHEN EXISTS (SELECT 1 FROM note_moved WHERE note_id = NEW.note_id)
  BEGIN SELECT RAISE(ABORT, 'moved'); END;
CREATE TRIGGER follow_up_moved BEFORE INSERT ON follow_up
  WHEN EXISTS (SELECT 1 FROM note_moved WHERE note_id = NEW.note_id)
  BEGIN SELECT RAISE(ABORT, 'moved'); END;
CREATE TRIGGER working_text_moved BEFORE INSERT ON working_text
  WHEN EXISTS (SELECT 1 FROM note_moved WHERE note_id = NEW.note_id)
  BEGIN SELECT RAISE(ABORT, 'moved'); END;
CREATE TRIGGER review_part_moved BEFORE INSERT ON review_part
  WHEN EXISTS (SELECT 1 FROM note_moved WHERE note_id = NEW.note_id)
  BEGIN SELECT RAISE(ABORT, 'moved'); END;
CREATE TRIGGER signature_moved BEFORE INSERT ON signature
  WHEN EXISTS (SELECT 1 FROM note_moved WHERE note_id = NEW.note_id)
  BEGIN SELECT RAISE(ABORT, 'moved'); END;
CREATE TRIGGER provenance_moved BEFORE INSERT ON provenance
  WHEN EXISTS (SELECT 1 FROM note_moved WHERE note_id = NEW.note_id)
  BEGIN SELECT RAISE(ABORT, 'moved'); END;
