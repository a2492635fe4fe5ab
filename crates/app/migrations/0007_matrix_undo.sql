-- What a draft said before its last change, so that the change can be taken back.
ALTER TABLE matrix_draft ADD COLUMN former TEXT;
