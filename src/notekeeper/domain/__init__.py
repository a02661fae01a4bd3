"""What a session, note, draft, review, sign-off, agreement and report is. Pure: no files, no database, no models."""
