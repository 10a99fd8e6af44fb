/** Migration 2. Records are JSON; beside them stand only the columns that a query looks for. */
export const CONVERSATIONS_SCHEMA = `
  CREATE TABLE conversation (id TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE message (
    id TEXT PRIMARY KEY,
    conversation TEXT NOT NULL,
    created REAL NOT NULL,
    record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX message_of ON message (conversation, created);
  CREATE TABLE run (
    id TEXT PRIMARY KEY,
    conversation TEXT NOT NULL,
    status TEXT NOT NULL,
    record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX run_of ON run (conversation);
  CREATE INDEX run_status ON run (status);
  CREATE TABLE settings (id TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE blob (id TEXT PRIMARY KEY, record TEXT NOT NULL, bytes BLOB NOT NULL) STRICT;
`;
