"""One file a group of records. Each works inside the transaction it was given."""
