"""From a note to a draft: sentences, reading, wording, checks. Knows no vault, no screen and no process."""
