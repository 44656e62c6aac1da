"""Loading a rule book: files, then data, then documents, then rules, each checked before the next."""
