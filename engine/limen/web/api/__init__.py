"""The API, for programs: decisions, questions, the book and the ledger, and the AuthZEN endpoints."""
