/**
 * Migration 1. Records are JSON with whole numbers of money as text (`codec.ts`); beside them stand only the columns that
 * a query looks for.
 */
export const LEDGER_SCHEMA = `
  CREATE TABLE ledger_meta (id INTEGER PRIMARY KEY CHECK (id = 1), record TEXT NOT NULL) STRICT;
  CREATE TABLE ledger_account (account TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE ledger_owner (id TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT, WITHOUT ROWID;
  -- Number of the row that made it: the ledger's order.
  CREATE TABLE ledger_reservation (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL,
    open INTEGER,
    record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX ledger_reservation_of ON ledger_reservation (account, seq);
  -- What a sweep has to look at, however long the history.
  CREATE INDEX ledger_reservation_open ON ledger_reservation (open) WHERE open IS NOT NULL;
  CREATE TABLE ledger_row (seq INTEGER PRIMARY KEY, record TEXT NOT NULL) STRICT;
`;
